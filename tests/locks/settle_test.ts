// The language of the plays is in tests/support/play.ts.

import { scenes } from "../support/play.ts";

scenes({
  "settle() ends a lease with the last of its calls": [
    "a+f#1@0 a+f#2@0 b+f@1 a-f#1@2 ?f@3 a-f#2@4",
    "a:f@0 a:f@0 f=a:in-flight:119<b@3 b:f@4",
  ],
  "settle() counts a call once, however often it begins and ends": [
    "a+f#1@0 a+f#1@1 a+f#2@2 b+f@3 a-f#1@4 a-f#1@5 a-f#2@6",
    "a:f@0 a:f@1 a:f@2 b:f@6",
  ],
  "settle() ends nothing for a call that it does not know": ["a+f#1@0 b+f@1 a-f#9@2 a-f#1@3", "a:f@0 b:f@3"],
  "settle() ends a call that failed": ["a+f@0 b+f@1 a:fail:f@2", "a:f@0 b:f@2"],
  "settle() ends the calls of a batch on all files": [
    "a+f#1@0 a+g#2@0 a+h#3@0 a:batch#1#2@1 ?f@2 ?g@2 ?h@2",
    "a:f@0 a:g@0 a:h@0 f=free@2 g=free@2 h=a:in-flight:119@2",
  ],
  "settle() ends all calls of a turn, and nothing that was asked for by hand": [
    "a+f@0 a+g=60@0 a+g@1 a:stop@2 ?f@3 ?g@3",
    "a:f@0 a:g@0 a:g@1 f=free@3 g=a:manual:57@3",
  ],
  "settle() ends all calls of a turn, also those that were kept alive by signs of life": [
    "a+f#1@0 a+f#2@1 a:sign@100 a-f#2@130 a:stop@140 b+f@141",
    "a:f@0 a:f@1 b:f@141",
  ],
  "settle() leaves alone what a sub-agent has when the turn of its session is over": [
    "a/t+f@0 a:stop@1 b+f@2 a/t:stop@3",
    "a/t:f@0 b:f@3",
  ],
  "settle() gives back by hand all there is": ["a+f=60@0 a+f@0 a:free:f@1 b+f@2", "a:f@0 a:f@0 b:f@2"],
  "settle() says whose a lease is that it does not end": [
    "b+f@0 a:free:f@1 a-f@2 a:free:g@3 ?f@4",
    "b:f@0 a:theirs:f@1 a:theirs:f@2 a:none:g@3 f=b:in-flight:116@4",
  ],
});

scenes({
  "settle() keeps the grace for its holder, who enters again at once": [
    "a+f@0 a-f%30@1 b+f@2 a+f@3 ?f@4 a-f%30@5",
    "a:f@0 a:f@3 f=a:in-flight:119<b@4 b:f@35",
  ],
  "settle() lets the grace end at its very end": [
    "a+f@0 a-f%30@1 b+f~0@30.75 ?f@30.75 c+f~0@31",
    "a:f@0 b:busy:a,1@30.75 f=a:grace:1@30.75 c:f@31",
  ],
  "settle() wakes those who wait when the grace ends": ["a+f@0 b+f@1 a-f%30@2", "a:f@0 b:f@32"],
  "settle() gives no grace of 0": ["a+f@0 a-f%0@1 b+f@1", "a:f@0 b:f@1"],
  "settle() ends an earlier grace with a call that failed": [
    "a+f@0 a-f%30@1 a+f@2 a:fail:f@3 b+f@3",
    "a:f@0 a:f@2 b:f@3",
  ],
  "settle() gives a grace back by hand": ["a+f=90@0 a:free:f%30@3 b+f@4", "a:f@0 b:f@33"],
  "settle() keeps the time by hand beside the grace": ["a+f=20@0 a+f@1 a-f%5@2 b+f@3", "a:f@0 a:f@1 b:f@20"],
});

scenes({
  "settle() is not needed after 120 s of silence": ["a+f@0 b+f~300@1", "a:f@0 b:f@120"],
  "settle() counts as a sign of life": ["a+f@0 b+f~300@1 a:sign@100", "a:f@0 b:f@220"],
  "settle() counts the signs of life of the holder alone": ["a/t+f@0 b+f~300@1 a:sign@100", "a/t:f@0 b:f@120"],
  "settle() tells both sides that a lease was taken over, and removes it from nobody": [
    "a+f@0 b+f@120 a-f@130 ?f@131 b:sign@132 b-f@133 a:sign@134",
    "a:f@0 b:f@120 a:lost:f@130 a:told:lost@130 f=b:in-flight:109@131 b:told:overwritten@132",
  ],
  "settle() tells both sides also when the other is done": [
    "a+f@0 b+f@120 b-f@121 a-f@130 b:sign@131",
    "a:f@0 b:f@120 a:lost:f@130 a:told:lost@130 b:told:overwritten@131",
  ],
  "settle() tells nobody of a lost lease under which nothing was written": [
    "a+f@0 b+f@120 a:fail:f@130 b:sign@131",
    "a:f@0 b:f@120 a:lost:f@130",
  ],
  "settle() tells what a refused request did not": [
    "a+f=90@0 P:break:f@1 b+f@2 a+f~5@3 a:sign@9",
    "a:f@0 b:f@2 a:busy:b,1@8 a:told:broken@9",
  ],
  "settle() keeps a notice until it can be told, and tells it once": [
    "a+f@0 P:break:f@1 a:stop@2 a:sign@3 a:sign@4",
    "a:f@0 a:told:broken@3",
  ],
});

scenes({
  "endSession() frees all that a session and its sub-agents have": [
    "a+f@0 a/t+g@0 a/u+h=90@0 b+f@1 c+g@1 d+h@1 a:end@2",
    "a:f@0 a/t:g@0 a/u:h@0 b:f@2 c:g@2 d:h@2",
  ],
  "endSession() ends graces": ["a+f@0 a-f%30@1 a:end@2 b+f@3", "a:f@0 b:f@3"],
  "endSession() leaves to others what they took over": [
    "a+f@0 b+f@120 a:end@130 ?f@131",
    "a:f@0 b:f@120 f=b:in-flight:109@131",
  ],
  "endSession() may come twice, or to a session that nobody knows": [
    "x:end@0 a+f@0 a:end@1 a:end@2 b+f@3",
    "a:f@0 b:f@3",
  ],
  "endSession() of a sub-agent leaves its session alone": [
    "a+f@0 a/t+g@0 a/t:end@1 ?f@2 ?g@2",
    "a:f@0 a/t:g@0 f=a:in-flight:118@2 g=free@2",
  ],
});
