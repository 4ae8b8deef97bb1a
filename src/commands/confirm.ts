// Asks whoever sits at the terminal. Is loaded when there is something to ask only: what shows the question is large.

import { confirm, isCancel } from "@clack/prompts";

/** Asks a question that is answered by yes or no. Who goes away without an answer has said no. */
export async function isConfirmed(question: string): Promise<boolean> {
  const answer = await confirm({ message: question, initialValue: true });
  return !isCancel(answer) && answer;
}
