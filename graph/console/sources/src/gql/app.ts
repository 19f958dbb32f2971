/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
export type ActorKind =
  | 'ANONYMOUS'
  | 'SYSTEM'
  | 'TOKEN';

export type ApiTokenType =
  | 'ADMIN'
  | 'CLIENT'
  | 'FRONTEND'
  | 'VIEWER';

export type EnvironmentType =
  | 'DEVELOPMENT'
  | 'PRE_PRODUCTION'
  | 'PRODUCTION'
  | 'TEST';

export type UserErrorCode =
  | 'ALREADY_EXISTS'
  | 'BUILT_IN'
  | 'INVALID'
  | 'IN_USE'
  | 'LIMIT_EXCEEDED'
  | 'NOT_FOUND'
  | 'REVISION_CONFLICT'
  | 'WRONG_STATE';

export type WhoAmIQueryVariables = Exact<{ [key: string]: never; }>;


export type WhoAmIQuery = { viewer: { tokenType: ApiTokenType | null, canWrite: boolean, expiresAt: string | null, actor: { name: string, kind: ActorKind } }, environments: Array<{ id: string, name: string, type: EnvironmentType, sortOrder: number }> };

type UserErrorParts_AlreadyExistsError_Fragment = { code: UserErrorCode, message: string, path: Array<string> };

type UserErrorParts_InUseError_Fragment = { code: UserErrorCode, message: string, path: Array<string> };

type UserErrorParts_InvalidError_Fragment = { code: UserErrorCode, message: string, path: Array<string> };

type UserErrorParts_NotFoundError_Fragment = { code: UserErrorCode, message: string, path: Array<string> };

type UserErrorParts_OtherUserError_Fragment = { code: UserErrorCode, message: string, path: Array<string> };

type UserErrorParts_RevisionConflictError_Fragment = { code: UserErrorCode, message: string, path: Array<string> };

export type UserErrorPartsFragment =
  | UserErrorParts_AlreadyExistsError_Fragment
  | UserErrorParts_InUseError_Fragment
  | UserErrorParts_InvalidError_Fragment
  | UserErrorParts_NotFoundError_Fragment
  | UserErrorParts_OtherUserError_Fragment
  | UserErrorParts_RevisionConflictError_Fragment
;

export type EnvironmentPartsFragment = { id: string, name: string, type: EnvironmentType, sortOrder: number };

export const UserErrorPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"UserErrorParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]} as unknown as DocumentNode<UserErrorPartsFragment, unknown>;
export const EnvironmentPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EnvironmentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Environment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"sortOrder"}}]}}]} as unknown as DocumentNode<EnvironmentPartsFragment, unknown>;
export const WhoAmIDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WhoAmI"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tokenType"}},{"kind":"Field","name":{"kind":"Name","value":"canWrite"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"environments"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"enabled"},"value":{"kind":"BooleanValue","value":true}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EnvironmentParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EnvironmentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Environment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"sortOrder"}}]}}]} as unknown as DocumentNode<WhoAmIQuery, WhoAmIQueryVariables>;