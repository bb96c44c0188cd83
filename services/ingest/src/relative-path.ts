/** Whether a path with `/` leads to one place below where it begins, and by one way: no part of it is empty, `.` or `..`. */
export function leadsBelow(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
