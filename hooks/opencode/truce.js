// truce
