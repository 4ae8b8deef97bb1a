/** Says whether a file is named as one of the configuration is. Others may be imported by one: time will tell of them. */
export function mayBeSource(path: string): boolean {
  return /(?:^|[/\\])(?:CLAUDE(?:\.local)?\.md|\.mcp\.json|\.claude\.json)$|(?:^|[/\\])\.claude[/\\]/.test(path);
}
