/** Says whether a file is read in whatever folder of a project it is, so that nobody knows of a new one beforehand. */
export function isReadAnywhere(path: string): boolean {
  return /(?:^|[/\\])(?:CLAUDE(?:\.local)?\.md|\.claude[/\\]rules[/\\].+\.md)$/.test(path);
}

/** Says whether a file is named as one of the configuration is. Others may be imported by one: time will tell of them. */
export function mayBeSource(path: string): boolean {
  return /(?:^|[/\\])(?:CLAUDE(?:\.local)?\.md|\.mcp\.json|\.claude\.json)$|(?:^|[/\\])\.claude[/\\]/.test(path);
}
