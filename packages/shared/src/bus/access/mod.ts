export { type Grant, type Permissions, permissionsOf } from './grant.ts';
export { covers, type Rights, rightsIn, rightsOn, UnreadableCredentials } from './rights.ts';
export { ROLES, Role, UserName } from './role.ts';
export { inboxOf, kvStream, objectStream } from './subjects.ts';
export {
  type AccountLimits,
  accountToken,
  credsFile,
  newSeeds,
  newUserSeed,
  operatorToken,
  publicKey,
  type Seeds,
  saysTheSame,
  systemToken,
} from './tokens.ts';
