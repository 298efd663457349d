"""One file a topic; each fills TWINS and, for what has no counterpart, ELSEWHERE."""
