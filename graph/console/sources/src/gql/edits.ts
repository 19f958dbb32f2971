/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
export type ApplicationUpdateInput = {
  description?: string | null | undefined;
  icon?: string | null | undefined;
  name: string;
  url?: string | null | undefined;
};

export type ChangeInput =
  {   applicationUpdate: ApplicationUpdateInput; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never;   contextFieldCreate: ContextFieldCreateInput; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never;   contextFieldDelete: ContextFieldDeleteInput; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never;   contextFieldUpdate: ContextFieldUpdateInput; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never;   environmentCreate: EnvironmentCreateInput; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never;   environmentDelete: EnvironmentDeleteInput; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never;   environmentUpdate: EnvironmentUpdateInput; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never;   projectCreate: ProjectCreateInput; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never;   projectDelete: ProjectDeleteInput; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never;   projectUpdate: ProjectUpdateInput; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never;   segmentCreate: SegmentCreateInput; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never;   segmentDelete: SegmentDeleteInput; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never;   segmentUpdate: SegmentUpdateInput; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never;   strategyCreate: StrategyCreateInput; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never;   strategyDelete: StrategyDeleteInput; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never;   strategyUpdate: StrategyUpdateInput; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never;   tagTypeCreate: TagTypeCreateInput; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never;   tagTypeDelete: TagTypeDeleteInput; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never;   tagTypeUpdate: TagTypeUpdateInput; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never;   toggleArchive: ToggleArchiveInput; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never;   toggleConfigure: ToggleConfigureInput; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never;   toggleCopyConfiguration: ToggleCopyConfigurationInput; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never;   toggleCreate: ToggleCreateInput; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never;   toggleDelete: ToggleDeleteInput; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never;   toggleRevertTo: ToggleRevertToInput; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never;   toggleRevive: ToggleReviveInput; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never;   toggleSetDependencies: ToggleSetDependenciesInput; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never;   toggleSetEnabled: ToggleSetEnabledInput; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never;   toggleStrategyAdd: ToggleStrategyAddInput; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never;   toggleStrategyRemove: ToggleStrategyRemoveInput; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never;   toggleStrategyUpdate: ToggleStrategyUpdateInput; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never;   toggleTags: ToggleTagsInput; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never;   toggleTypeUpdate: ToggleTypeUpdateInput; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never;   toggleUpdate: ToggleUpdateInput; toggleVariantAdd?: never; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never;   toggleVariantAdd: ToggleVariantAddInput; toggleVariantRemove?: never; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never;   toggleVariantRemove: ToggleVariantRemoveInput; toggleVariantUpdate?: never; }
  |  { applicationUpdate?: never; contextFieldCreate?: never; contextFieldDelete?: never; contextFieldUpdate?: never; environmentCreate?: never; environmentDelete?: never; environmentUpdate?: never; projectCreate?: never; projectDelete?: never; projectUpdate?: never; segmentCreate?: never; segmentDelete?: never; segmentUpdate?: never; strategyCreate?: never; strategyDelete?: never; strategyUpdate?: never; tagTypeCreate?: never; tagTypeDelete?: never; tagTypeUpdate?: never; toggleArchive?: never; toggleConfigure?: never; toggleCopyConfiguration?: never; toggleCreate?: never; toggleDelete?: never; toggleRevertTo?: never; toggleRevive?: never; toggleSetDependencies?: never; toggleSetEnabled?: never; toggleStrategyAdd?: never; toggleStrategyRemove?: never; toggleStrategyUpdate?: never; toggleTags?: never; toggleTypeUpdate?: never; toggleUpdate?: never; toggleVariantAdd?: never; toggleVariantRemove?: never;   toggleVariantUpdate: ToggleVariantUpdateInput; };

export type ChangeSetApplyInput = {
  applyAt?: string | null | undefined;
  changes: Array<ChangeInput>;
  comment?: string;
  dryRun?: boolean;
  force?: boolean;
  idempotencyKey?: string | null | undefined;
};

export type ChangeSetCancelInput = {
  id: string | number;
};

export type ChangeSetRevertInput = {
  comment?: string;
  dryRun?: boolean;
  force?: boolean;
  id: string | number;
};

export type ChangeSetState =
  | 'APPLIED'
  | 'CANCELLED'
  | 'REFUSED'
  | 'SCHEDULED';

export type ChangeWarningCode =
  | 'HAS_DEPENDENTS'
  | 'ILLEGAL_VALUE'
  | 'NO_EFFECT'
  | 'STILL_IN_USE'
  | 'STRATEGY_NOT_IMPLEMENTED'
  | 'UNKNOWN_STRATEGY'
  | 'VARIANTS_REDISTRIBUTED';

export type ConstraintInput = {
  caseInsensitive?: boolean;
  contextName: string;
  inverted?: boolean;
  operator: ConstraintOperator;
  values?: Array<string>;
};

export type ConstraintOperator =
  | 'DATE_AFTER'
  | 'DATE_BEFORE'
  | 'IN'
  | 'IN_CIDR'
  | 'NOT_IN'
  | 'NUM_EQ'
  | 'NUM_GT'
  | 'NUM_GTE'
  | 'NUM_LT'
  | 'NUM_LTE'
  | 'REGEX'
  | 'SEMVER_EQ'
  | 'SEMVER_GT'
  | 'SEMVER_GTE'
  | 'SEMVER_LT'
  | 'SEMVER_LTE'
  | 'STR_CONTAINS'
  | 'STR_ENDS_WITH'
  | 'STR_STARTS_WITH';

export type ContextFieldCreateInput = {
  description?: string;
  legalValues?: Array<LegalValueInput>;
  name: string;
  stickiness?: boolean;
};

export type ContextFieldDeleteInput = {
  name: string;
};

export type ContextFieldUpdateInput = {
  description?: string | null | undefined;
  expectedRevision?: number | null | undefined;
  legalValues?: Array<LegalValueInput> | null | undefined;
  name: string;
  sortOrder?: number | null | undefined;
  stickiness?: boolean | null | undefined;
};

export type DateTimeRangeInput = {
  from?: string | null | undefined;
  to?: string | null | undefined;
};

export type EnvironmentCreateInput = {
  copyFrom?: string | null | undefined;
  name: string;
  type?: EnvironmentType;
};

export type EnvironmentDeleteInput = {
  name: string;
};

export type EnvironmentType =
  | 'DEVELOPMENT'
  | 'PRE_PRODUCTION'
  | 'PRODUCTION'
  | 'TEST';

export type EnvironmentUpdateInput = {
  enabled?: boolean | null | undefined;
  expectedRevision?: number | null | undefined;
  name: string;
  sortOrder?: number | null | undefined;
  type?: EnvironmentType | null | undefined;
};

export type EventFilter = {
  actors?: Array<string> | null | undefined;
  changeSets?: Array<string | number> | null | undefined;
  createdAt?: DateTimeRangeInput | null | undefined;
  environments?: Array<string> | null | undefined;
  exceptTypes?: Array<EventType> | null | undefined;
  projects?: Array<string> | null | undefined;
  search?: string | null | undefined;
  subjects?: Array<string | number> | null | undefined;
  toggles?: Array<string> | null | undefined;
  types?: Array<EventType> | null | undefined;
};

export type EventType =
  | 'API_TOKEN_CREATED'
  | 'API_TOKEN_REVOKED'
  | 'API_TOKEN_UPDATED'
  | 'APPLICATION_CREATED'
  | 'APPLICATION_DELETED'
  | 'APPLICATION_UPDATED'
  | 'CHANGE_SET_APPLIED'
  | 'CHANGE_SET_CANCELLED'
  | 'CHANGE_SET_PAUSED'
  | 'CHANGE_SET_REFUSED'
  | 'CHANGE_SET_RESUMED'
  | 'CHANGE_SET_SCHEDULED'
  | 'CHANGE_SET_STEP_APPLIED'
  | 'CONTEXT_FIELD_CREATED'
  | 'CONTEXT_FIELD_DELETED'
  | 'CONTEXT_FIELD_UPDATED'
  | 'ENVIRONMENT_CREATED'
  | 'ENVIRONMENT_DELETED'
  | 'ENVIRONMENT_UPDATED'
  | 'OTHER'
  | 'PROJECT_CREATED'
  | 'PROJECT_DELETED'
  | 'PROJECT_UPDATED'
  | 'SEGMENT_CREATED'
  | 'SEGMENT_DELETED'
  | 'SEGMENT_UPDATED'
  | 'STATE_IMPORTED'
  | 'STRATEGY_CREATED'
  | 'STRATEGY_DELETED'
  | 'STRATEGY_DEPRECATED'
  | 'STRATEGY_REACTIVATED'
  | 'STRATEGY_UPDATED'
  | 'TAG_CREATED'
  | 'TAG_DELETED'
  | 'TAG_TYPE_CREATED'
  | 'TAG_TYPE_DELETED'
  | 'TAG_TYPE_UPDATED'
  | 'TOGGLE_ARCHIVED'
  | 'TOGGLE_CONFIGURED'
  | 'TOGGLE_CREATED'
  | 'TOGGLE_DELETED'
  | 'TOGGLE_DEPENDENCIES_UPDATED'
  | 'TOGGLE_DISABLED'
  | 'TOGGLE_ENABLED'
  | 'TOGGLE_POTENTIALLY_STALE_ON'
  | 'TOGGLE_REVIVED'
  | 'TOGGLE_STALE_OFF'
  | 'TOGGLE_STALE_ON'
  | 'TOGGLE_STRATEGIES_REORDERED'
  | 'TOGGLE_STRATEGY_ADDED'
  | 'TOGGLE_STRATEGY_REMOVED'
  | 'TOGGLE_STRATEGY_UPDATED'
  | 'TOGGLE_TAGGED'
  | 'TOGGLE_TYPE_UPDATED'
  | 'TOGGLE_UNTAGGED'
  | 'TOGGLE_UPDATED'
  | 'TOGGLE_VARIANTS_UPDATED'
  | 'WEBHOOK_CREATED'
  | 'WEBHOOK_DELETED'
  | 'WEBHOOK_TESTED'
  | 'WEBHOOK_UPDATED';

export type FieldChangeKind =
  | 'ADDED'
  | 'CHANGED'
  | 'REMOVED';

export type LegalValueInput = {
  description?: string;
  value: string;
};

export type ParameterValueInput = {
  name: string;
  value: string;
};

export type ProjectCreateInput = {
  description?: string;
  name: string;
  title?: string;
};

export type ProjectDeleteInput = {
  name: string;
};

export type ProjectUpdateInput = {
  description?: string | null | undefined;
  expectedRevision?: number | null | undefined;
  name: string;
  title?: string | null | undefined;
};

export type RolloutScheduleInput = {
  comment?: string;
  dryRun?: boolean;
  expectedRevision?: number | null | undefined;
  force?: boolean;
  idempotencyKey?: string | null | undefined;
  steps: Array<RolloutStepInput>;
  strategy: string | number;
};

export type RolloutStepInput = {
  after?: number | null | undefined;
  at?: string | null | undefined;
  rollout: number;
};

export type SegmentCreateInput = {
  constraints: Array<ConstraintInput>;
  description?: string;
  name: string;
};

export type SegmentDeleteInput = {
  id: string | number;
};

export type SegmentUpdateInput = {
  constraints?: Array<ConstraintInput> | null | undefined;
  description?: string | null | undefined;
  expectedRevision?: number | null | undefined;
  id: string | number;
  name?: string | null | undefined;
};

export type StrategyCreateInput = {
  description?: string;
  name: string;
  parameters?: Array<StrategyParameterInput>;
  title?: string;
};

export type StrategyDeleteInput = {
  name: string;
};

export type StrategyParameterInput = {
  description?: string;
  name: string;
  required?: boolean;
  type?: StrategyParameterType;
};

export type StrategyParameterType =
  | 'BOOLEAN'
  | 'LIST'
  | 'NUMBER'
  | 'PERCENTAGE'
  | 'STRING';

export type StrategyUpdateInput = {
  deprecated?: boolean | null | undefined;
  description?: string | null | undefined;
  expectedRevision?: number | null | undefined;
  name: string;
  parameters?: Array<StrategyParameterInput> | null | undefined;
  title?: string | null | undefined;
};

export type TagInput = {
  type?: string;
  value: string;
};

export type TagTypeCreateInput = {
  color?: string | null | undefined;
  description?: string;
  icon?: string | null | undefined;
  name: string;
};

export type TagTypeDeleteInput = {
  name: string;
};

export type TagTypeUpdateInput = {
  color?: string | null | undefined;
  description?: string | null | undefined;
  expectedRevision?: number | null | undefined;
  icon?: string | null | undefined;
  name: string;
};

export type ToggleArchiveInput = {
  expectedRevision?: number | null | undefined;
  name: string;
};

export type ToggleConfigureInput = {
  enabled?: boolean | null | undefined;
  environment?: string;
  expectedRevision?: number | null | undefined;
  name: string;
  strategies?: Array<ToggleStrategyInput> | null | undefined;
  variants?: Array<VariantInput> | null | undefined;
};

export type ToggleCopyConfigurationInput = {
  enabled?: boolean;
  expectedRevision?: number | null | undefined;
  from: string;
  name: string;
  to: string;
  toToggle?: string | null | undefined;
};

export type ToggleCreateInput = {
  description?: string;
  enabled?: boolean;
  environment?: string;
  impressionData?: boolean;
  name: string;
  project?: string;
  strategies?: Array<ToggleStrategyInput> | null | undefined;
  tags?: Array<TagInput>;
  type?: string;
  variants?: Array<VariantInput>;
};

export type ToggleDeleteInput = {
  name: string;
};

export type ToggleDependencyInput = {
  enabled?: boolean;
  toggle: string;
  variants?: Array<string>;
};

export type ToggleRevertToInput = {
  dryRun?: boolean;
  expectedRevision?: number | null | undefined;
  name: string;
  revision: number;
};

export type ToggleReviveInput = {
  name: string;
};

export type ToggleSetDependenciesInput = {
  dependencies: Array<ToggleDependencyInput>;
  expectedRevision?: number | null | undefined;
  name: string;
};

export type ToggleSetEnabledInput = {
  enabled: boolean;
  environment?: string | null | undefined;
  expectedRevision?: number | null | undefined;
  id?: string | number | null | undefined;
  name?: string | null | undefined;
};

export type ToggleStrategyAddInput = {
  environment?: string;
  expectedRevision?: number | null | undefined;
  position?: number | null | undefined;
  strategy: ToggleStrategyInput;
  toggle: string;
};

export type ToggleStrategyInput = {
  constraints?: Array<ConstraintInput>;
  disabled?: boolean;
  name: string;
  parameters?: Array<ParameterValueInput>;
  segments?: Array<string | number>;
  title?: string;
  variants?: Array<VariantInput>;
};

export type ToggleStrategyRemoveInput = {
  expectedRevision?: number | null | undefined;
  id: string | number;
};

export type ToggleStrategyUpdateInput = {
  constraints?: Array<ConstraintInput> | null | undefined;
  disabled?: boolean | null | undefined;
  expectedRevision?: number | null | undefined;
  id: string | number;
  parameters?: Array<ParameterValueInput> | null | undefined;
  position?: number | null | undefined;
  segments?: Array<string | number> | null | undefined;
  title?: string | null | undefined;
  variants?: Array<VariantInput> | null | undefined;
};

export type ToggleTagsInput = {
  add?: Array<TagInput>;
  name: string;
  remove?: Array<TagInput>;
};

export type ToggleTypeUpdateInput = {
  lifetimeDays?: number | null | undefined;
  name: string;
};

export type ToggleUpdateInput = {
  description?: string | null | undefined;
  expectedRevision?: number | null | undefined;
  impressionData?: boolean | null | undefined;
  name: string;
  project?: string | null | undefined;
  stale?: boolean | null | undefined;
  type?: string | null | undefined;
};

export type ToggleVariantAddInput = {
  environment?: string;
  expectedRevision?: number | null | undefined;
  position?: number | null | undefined;
  strategy?: string | number | null | undefined;
  toggle: string;
  variant: VariantInput;
};

export type ToggleVariantRemoveInput = {
  environment?: string;
  expectedRevision?: number | null | undefined;
  strategy?: string | number | null | undefined;
  toggle: string;
  variant: string;
};

export type ToggleVariantUpdateInput = {
  environment?: string;
  expectedRevision?: number | null | undefined;
  name?: string | null | undefined;
  overrides?: Array<VariantOverrideInput> | null | undefined;
  payload?: VariantPayloadInput | null | undefined;
  position?: number | null | undefined;
  stickiness?: string | null | undefined;
  strategy?: string | number | null | undefined;
  toggle: string;
  variant: string;
  weight?: number | null | undefined;
  weightType?: VariantWeightType | null | undefined;
};

export type UserErrorCode =
  | 'ALREADY_EXISTS'
  | 'BUILT_IN'
  | 'INVALID'
  | 'IN_USE'
  | 'LIMIT_EXCEEDED'
  | 'NOT_FOUND'
  | 'REVISION_CONFLICT'
  | 'WRONG_STATE';

export type VariantInput = {
  name: string;
  overrides?: Array<VariantOverrideInput>;
  payload?: VariantPayloadInput | null | undefined;
  stickiness?: string;
  weight?: number | null | undefined;
  weightType?: VariantWeightType;
};

export type VariantOverrideInput = {
  contextName: string;
  values: Array<string>;
};

export type VariantPayloadInput = {
  type?: VariantPayloadType;
  value: string;
};

export type VariantPayloadType =
  | 'CSV'
  | 'JSON'
  | 'NUMBER'
  | 'STRING';

export type VariantWeightType =
  | 'FIX'
  | 'VARIABLE';

type ProblemParts_AlreadyExistsError_Fragment = { code: UserErrorCode, message: string, path: Array<string> };

type ProblemParts_InUseError_Fragment = { usedByCount: number, code: UserErrorCode, message: string, path: Array<string>, usedBy: Array<
    | { id: string, tokenName: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string, segmentName: string }
    | { id: string }
    | { id: string }
    | { name: string, id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
  > };

type ProblemParts_InvalidError_Fragment = { code: UserErrorCode, message: string, path: Array<string> };

type ProblemParts_NotFoundError_Fragment = { code: UserErrorCode, message: string, path: Array<string> };

type ProblemParts_OtherUserError_Fragment = { code: UserErrorCode, message: string, path: Array<string> };

type ProblemParts_RevisionConflictError_Fragment = { code: UserErrorCode, message: string, path: Array<string>, current:
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string, name: string, description: string, stickiness: boolean, revision: number, legalValues: Array<{ value: string, description: string }> }
    | { id: string }
    | { id: string }
    | { id: string, name: string, title: string, description: string, revision: number }
    | { id: string, name: string, description: string, revision: number, constraints: Array<{ contextName: string, operator: string, values: Array<string>, caseInsensitive: boolean, inverted: boolean }> }
    | { id: string, name: string, title: string, description: string, deprecated: boolean, revision: number, parameters: Array<{ name: string, type: string, description: string, required: boolean }> }
    | { id: string, name: string, description: string, icon: string | null, color: string | null, revision: number }
    | { id: string, name: string, description: string, impressionData: boolean, stale: boolean, revision: number, type: { id: string, name: string }, project: { id: string, name: string }, tags: Array<{ value: string, type: { id: string, name: string } }>, dependencies: Array<{ enabled: boolean, variants: Array<string>, toggle: { id: string, name: string } }>, environments: Array<{ id: string, enabled: boolean, revision: number, environment: { id: string, name: string }, strategies: Array<{ id: string, name: string, title: string, disabled: boolean, parameters: Array<{ name: string, value: string }>, constraints: Array<{ contextName: string, operator: string, values: Array<string>, caseInsensitive: boolean, inverted: boolean }>, segments: Array<{ id: string, name: string }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> }> }
    | { id: string, enabled: boolean, revision: number, environment: { id: string, name: string }, strategies: Array<{ id: string, name: string, title: string, disabled: boolean, parameters: Array<{ name: string, value: string }>, constraints: Array<{ contextName: string, operator: string, values: Array<string>, caseInsensitive: boolean, inverted: boolean }>, segments: Array<{ id: string, name: string }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> }
    | { id: string }
    | { id: string }
    | { id: string }
    | { id: string }
  , lastEvent: { id: string, summary: string, createdAt: string, actor: { name: string } } | null };

export type ProblemPartsFragment =
  | ProblemParts_AlreadyExistsError_Fragment
  | ProblemParts_InUseError_Fragment
  | ProblemParts_InvalidError_Fragment
  | ProblemParts_NotFoundError_Fragment
  | ProblemParts_OtherUserError_Fragment
  | ProblemParts_RevisionConflictError_Fragment
;

export type ApplyChangesMutationVariables = Exact<{
  input: ChangeSetApplyInput;
  first?: number | null | undefined;
  offset?: number;
  search?: string | null | undefined;
  withWarnings?: boolean;
}>;


export type ApplyChangesMutation = { changeSetApply: { changeCount: number, foundCount: number, riskCount: number, changeSet: { id: string, applyAt: string | null } | null, changes: Array<{ index: number, summary: string, plan: string, type: EventType, subjectName: string, environment: { id: string, name: string, type: EnvironmentType, sortOrder: number } | null, changes: Array<{ path: string, kind: FieldChangeKind, before: unknown, after: unknown }>, warnings: Array<{ code: ChangeWarningCode, message: string }> }>, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { usedByCount: number, code: UserErrorCode, message: string, path: Array<string>, usedBy: Array<
          | { id: string, tokenName: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string, segmentName: string }
          | { id: string }
          | { id: string }
          | { name: string, id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
        > }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string>, current:
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string, name: string, description: string, stickiness: boolean, revision: number, legalValues: Array<{ value: string, description: string }> }
          | { id: string }
          | { id: string }
          | { id: string, name: string, title: string, description: string, revision: number }
          | { id: string, name: string, description: string, revision: number, constraints: Array<{ contextName: string, operator: string, values: Array<string>, caseInsensitive: boolean, inverted: boolean }> }
          | { id: string, name: string, title: string, description: string, deprecated: boolean, revision: number, parameters: Array<{ name: string, type: string, description: string, required: boolean }> }
          | { id: string, name: string, description: string, icon: string | null, color: string | null, revision: number }
          | { id: string, name: string, description: string, impressionData: boolean, stale: boolean, revision: number, type: { id: string, name: string }, project: { id: string, name: string }, tags: Array<{ value: string, type: { id: string, name: string } }>, dependencies: Array<{ enabled: boolean, variants: Array<string>, toggle: { id: string, name: string } }>, environments: Array<{ id: string, enabled: boolean, revision: number, environment: { id: string, name: string }, strategies: Array<{ id: string, name: string, title: string, disabled: boolean, parameters: Array<{ name: string, value: string }>, constraints: Array<{ contextName: string, operator: string, values: Array<string>, caseInsensitive: boolean, inverted: boolean }>, segments: Array<{ id: string, name: string }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> }> }
          | { id: string, enabled: boolean, revision: number, environment: { id: string, name: string }, strategies: Array<{ id: string, name: string, title: string, disabled: boolean, parameters: Array<{ name: string, value: string }>, constraints: Array<{ contextName: string, operator: string, values: Array<string>, caseInsensitive: boolean, inverted: boolean }>, segments: Array<{ id: string, name: string }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> }
          | { id: string }
          | { id: string }
          | { id: string }
          | { id: string }
        , lastEvent: { id: string, summary: string, createdAt: string, actor: { name: string } } | null }
    > } };

export type ScheduleRolloutMutationVariables = Exact<{
  input: RolloutScheduleInput;
  first?: number | null | undefined;
  offset?: number;
  search?: string | null | undefined;
  withWarnings?: boolean;
}>;


export type ScheduleRolloutMutation = { rolloutSchedule: { changeCount: number, foundCount: number, riskCount: number, changeSet: { id: string, applyAt: string | null } | null, changes: Array<{ index: number, summary: string, plan: string, type: EventType, subjectName: string, environment: { id: string, name: string, type: EnvironmentType, sortOrder: number } | null, changes: Array<{ path: string, kind: FieldChangeKind, before: unknown, after: unknown }>, warnings: Array<{ code: ChangeWarningCode, message: string }> }>, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
    > } };

export type RevertChangesMutationVariables = Exact<{
  input: ChangeSetRevertInput;
  first?: number | null | undefined;
  offset?: number;
  search?: string | null | undefined;
  withWarnings?: boolean;
}>;


export type RevertChangesMutation = { changeSetRevert: { changeCount: number, foundCount: number, riskCount: number, changeSet: { id: string } | null, changes: Array<{ index: number, summary: string, plan: string, type: EventType, subjectName: string, environment: { id: string, name: string, type: EnvironmentType, sortOrder: number } | null, changes: Array<{ path: string, kind: FieldChangeKind, before: unknown, after: unknown }>, warnings: Array<{ code: ChangeWarningCode, message: string }> }>, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
    > } };

export type SetEnabledMutationVariables = Exact<{
  input: ToggleSetEnabledInput;
}>;


export type SetEnabledMutation = { toggleSetEnabled: { toggleEnvironment: { id: string, enabled: boolean } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
    > } };

export type CancelChangeSetMutationVariables = Exact<{
  input: ChangeSetCancelInput;
}>;


export type CancelChangeSetMutation = { changeSetCancel: { changeSet: { id: string, state: ChangeSetState } | null, errors: Array<
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
      | { code: UserErrorCode, message: string, path: Array<string> }
    > } };

export type FollowEventsSubscriptionVariables = Exact<{
  filter: EventFilter;
  after?: string | null | undefined;
}>;


export type FollowEventsSubscription = { events: { cursor: string, node: { id: string, number: number } } };

export type StrategyTitlesQueryVariables = Exact<{ [key: string]: never; }>;


export type StrategyTitlesQuery = { strategies: { nodes: Array<{ id: string, name: string, title: string }> } };

export type EditorDefinitionsQueryVariables = Exact<{ [key: string]: never; }>;


export type EditorDefinitionsQuery = { strategies: { nodes: Array<{ id: string, name: string, title: string, description: string, deprecated: boolean, parameters: Array<{ name: string, type: string, description: string, required: boolean }> }> }, segments: { totalCount: number, nodes: Array<{ id: string, name: string, description: string, constraints: Array<{ contextName: string }> }> }, contextFields: Array<{ id: string, name: string, description: string, stickiness: boolean, legalValues: Array<{ value: string, description: string }> }>, toggleTypes: Array<{ id: string, name: string, title: string, description: string, lifetimeDays: number | null }>, projects: Array<{ id: string, name: string, title: string }>, tagTypes: Array<{ id: string, name: string, description: string }> };

export type SegmentChoiceFragment = { id: string, name: string, description: string, constraints: Array<{ contextName: string }> };

export type FoundSegmentsQueryVariables = Exact<{
  search: string;
}>;


export type FoundSegmentsQuery = { segments: { nodes: Array<{ id: string, name: string, description: string, constraints: Array<{ contextName: string }> }> } };

export type FoundTogglesQueryVariables = Exact<{
  search: string;
}>;


export type FoundTogglesQuery = { toggles: { nodes: Array<{ id: string, name: string }> } };

export type FoundToggleQueryVariables = Exact<{
  name: string;
}>;


export type FoundToggleQuery = { toggle: { id: string, name: string, environments: Array<{ id: string, variants: Array<{ name: string }> }> } | null };

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

export type EditorPartsFragment = { id: string, name: string, description: string, impressionData: boolean, stale: boolean, revision: number, type: { id: string, name: string }, project: { id: string, name: string }, tags: Array<{ value: string, type: { id: string, name: string } }>, dependencies: Array<{ enabled: boolean, variants: Array<string>, toggle: { id: string, name: string } }>, environments: Array<{ id: string, enabled: boolean, revision: number, environment: { id: string, name: string }, strategies: Array<{ id: string, name: string, title: string, disabled: boolean, parameters: Array<{ name: string, value: string }>, constraints: Array<{ contextName: string, operator: string, values: Array<string>, caseInsensitive: boolean, inverted: boolean }>, segments: Array<{ id: string, name: string }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> }> };

export type ConfigurationPartsFragment = { id: string, enabled: boolean, revision: number, environment: { id: string, name: string }, strategies: Array<{ id: string, name: string, title: string, disabled: boolean, parameters: Array<{ name: string, value: string }>, constraints: Array<{ contextName: string, operator: string, values: Array<string>, caseInsensitive: boolean, inverted: boolean }>, segments: Array<{ id: string, name: string }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> };

export type VariantPartsFragment = { name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> };

export type ChangePartsFragment = { index: number, summary: string, plan: string, type: EventType, subjectName: string, environment: { id: string, name: string, type: EnvironmentType, sortOrder: number } | null, changes: Array<{ path: string, kind: FieldChangeKind, before: unknown, after: unknown }>, warnings: Array<{ code: ChangeWarningCode, message: string }> };

export type SegmentPartsFragment = { id: string, name: string, description: string, revision: number, constraints: Array<{ contextName: string, operator: string, values: Array<string>, caseInsensitive: boolean, inverted: boolean }> };

export type StrategyPartsFragment = { id: string, name: string, title: string, description: string, deprecated: boolean, revision: number, parameters: Array<{ name: string, type: string, description: string, required: boolean }> };

export type ContextFieldPartsFragment = { id: string, name: string, description: string, stickiness: boolean, revision: number, legalValues: Array<{ value: string, description: string }> };

export type ProjectPartsFragment = { id: string, name: string, title: string, description: string, revision: number };

export type TagTypePartsFragment = { id: string, name: string, description: string, icon: string | null, color: string | null, revision: number };

export const UserErrorPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"UserErrorParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]} as unknown as DocumentNode<UserErrorPartsFragment, unknown>;
export const VariantPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"VariantParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Variant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"weight"}},{"kind":"Field","name":{"kind":"Name","value":"weightType"}},{"kind":"Field","name":{"kind":"Name","value":"stickiness"}},{"kind":"Field","name":{"kind":"Name","value":"payload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"overrides"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}}]} as unknown as DocumentNode<VariantPartsFragment, unknown>;
export const ConfigurationPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConfigurationParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ToggleEnvironment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"strategies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"disabled"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"constraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"values"}},{"kind":"Field","name":{"kind":"Name","value":"caseInsensitive"}},{"kind":"Field","name":{"kind":"Name","value":"inverted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"segments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"VariantParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Variant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"weight"}},{"kind":"Field","name":{"kind":"Name","value":"weightType"}},{"kind":"Field","name":{"kind":"Name","value":"stickiness"}},{"kind":"Field","name":{"kind":"Name","value":"payload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"overrides"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}}]} as unknown as DocumentNode<ConfigurationPartsFragment, unknown>;
export const EditorPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EditorParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Toggle"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"impressionData"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"type"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"project"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tags"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"type"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"dependencies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"variants"}},{"kind":"Field","name":{"kind":"Name","value":"toggle"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"environments"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"500"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConfigurationParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"VariantParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Variant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"weight"}},{"kind":"Field","name":{"kind":"Name","value":"weightType"}},{"kind":"Field","name":{"kind":"Name","value":"stickiness"}},{"kind":"Field","name":{"kind":"Name","value":"payload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"overrides"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConfigurationParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ToggleEnvironment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"strategies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"disabled"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"constraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"values"}},{"kind":"Field","name":{"kind":"Name","value":"caseInsensitive"}},{"kind":"Field","name":{"kind":"Name","value":"inverted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"segments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}}]} as unknown as DocumentNode<EditorPartsFragment, unknown>;
export const SegmentPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SegmentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Segment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"constraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"values"}},{"kind":"Field","name":{"kind":"Name","value":"caseInsensitive"}},{"kind":"Field","name":{"kind":"Name","value":"inverted"}}]}}]}}]} as unknown as DocumentNode<SegmentPartsFragment, unknown>;
export const StrategyPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"StrategyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Strategy"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"deprecated"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"required"}}]}}]}}]} as unknown as DocumentNode<StrategyPartsFragment, unknown>;
export const ContextFieldPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ContextFieldParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ContextField"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"stickiness"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"legalValues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"description"}}]}}]}}]} as unknown as DocumentNode<ContextFieldPartsFragment, unknown>;
export const ProjectPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProjectParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Project"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]} as unknown as DocumentNode<ProjectPartsFragment, unknown>;
export const TagTypePartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TagTypeParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TagType"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"icon"}},{"kind":"Field","name":{"kind":"Name","value":"color"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]} as unknown as DocumentNode<TagTypePartsFragment, unknown>;
export const ProblemPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProblemParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"UserErrorParts"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RevisionConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"current"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Toggle"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EditorParts"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ToggleEnvironment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConfigurationParts"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Segment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SegmentParts"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Strategy"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"StrategyParts"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ContextField"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ContextFieldParts"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Project"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProjectParts"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TagType"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TagTypeParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"lastEvent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InUseError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"usedByCount"}},{"kind":"Field","name":{"kind":"Name","value":"usedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Toggle"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Segment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"segmentName"},"name":{"kind":"Name","value":"name"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ApiToken"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"tokenName"},"name":{"kind":"Name","value":"name"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"VariantParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Variant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"weight"}},{"kind":"Field","name":{"kind":"Name","value":"weightType"}},{"kind":"Field","name":{"kind":"Name","value":"stickiness"}},{"kind":"Field","name":{"kind":"Name","value":"payload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"overrides"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConfigurationParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ToggleEnvironment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"strategies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"disabled"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"constraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"values"}},{"kind":"Field","name":{"kind":"Name","value":"caseInsensitive"}},{"kind":"Field","name":{"kind":"Name","value":"inverted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"segments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"UserErrorParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EditorParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Toggle"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"impressionData"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"type"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"project"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tags"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"type"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"dependencies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"variants"}},{"kind":"Field","name":{"kind":"Name","value":"toggle"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"environments"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"500"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConfigurationParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SegmentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Segment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"constraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"values"}},{"kind":"Field","name":{"kind":"Name","value":"caseInsensitive"}},{"kind":"Field","name":{"kind":"Name","value":"inverted"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"StrategyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Strategy"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"deprecated"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"required"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ContextFieldParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ContextField"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"stickiness"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"legalValues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"description"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProjectParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Project"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TagTypeParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TagType"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"icon"}},{"kind":"Field","name":{"kind":"Name","value":"color"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]} as unknown as DocumentNode<ProblemPartsFragment, unknown>;
export const SegmentChoiceFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SegmentChoice"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Segment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"constraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}}]}}]}}]} as unknown as DocumentNode<SegmentChoiceFragment, unknown>;
export const EnvironmentPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EnvironmentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Environment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"sortOrder"}}]}}]} as unknown as DocumentNode<EnvironmentPartsFragment, unknown>;
export const ChangePartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ChangeParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Change"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"plan"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"subjectName"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EnvironmentParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"after"}}]}},{"kind":"Field","name":{"kind":"Name","value":"warnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EnvironmentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Environment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"sortOrder"}}]}}]} as unknown as DocumentNode<ChangePartsFragment, unknown>;
export const ApplyChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ApplyChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ChangeSetApplyInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"100"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"offset"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"0"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"search"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"withWarnings"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}},"defaultValue":{"kind":"BooleanValue","value":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changeSetApply"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changeSet"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"applyAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"offset"},"value":{"kind":"Variable","name":{"kind":"Name","value":"offset"}}},{"kind":"Argument","name":{"kind":"Name","value":"search"},"value":{"kind":"Variable","name":{"kind":"Name","value":"search"}}},{"kind":"Argument","name":{"kind":"Name","value":"withWarnings"},"value":{"kind":"Variable","name":{"kind":"Name","value":"withWarnings"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ChangeParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changeCount"}},{"kind":"Field","alias":{"kind":"Name","value":"foundCount"},"name":{"kind":"Name","value":"changeCount"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"search"},"value":{"kind":"Variable","name":{"kind":"Name","value":"search"}}},{"kind":"Argument","name":{"kind":"Name","value":"withWarnings"},"value":{"kind":"Variable","name":{"kind":"Name","value":"withWarnings"}}}]},{"kind":"Field","alias":{"kind":"Name","value":"riskCount"},"name":{"kind":"Name","value":"changeCount"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"withWarnings"},"value":{"kind":"BooleanValue","value":true}}]},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProblemParts"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EnvironmentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Environment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"sortOrder"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"UserErrorParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"VariantParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Variant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"weight"}},{"kind":"Field","name":{"kind":"Name","value":"weightType"}},{"kind":"Field","name":{"kind":"Name","value":"stickiness"}},{"kind":"Field","name":{"kind":"Name","value":"payload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"overrides"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConfigurationParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ToggleEnvironment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"strategies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"disabled"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"constraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"values"}},{"kind":"Field","name":{"kind":"Name","value":"caseInsensitive"}},{"kind":"Field","name":{"kind":"Name","value":"inverted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"segments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EditorParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Toggle"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"impressionData"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"type"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"project"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tags"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"type"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"dependencies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"variants"}},{"kind":"Field","name":{"kind":"Name","value":"toggle"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"environments"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"500"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConfigurationParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SegmentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Segment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"constraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"values"}},{"kind":"Field","name":{"kind":"Name","value":"caseInsensitive"}},{"kind":"Field","name":{"kind":"Name","value":"inverted"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"StrategyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Strategy"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"deprecated"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"required"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ContextFieldParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ContextField"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"stickiness"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"legalValues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"description"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProjectParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Project"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TagTypeParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TagType"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"icon"}},{"kind":"Field","name":{"kind":"Name","value":"color"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ChangeParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Change"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"plan"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"subjectName"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EnvironmentParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"after"}}]}},{"kind":"Field","name":{"kind":"Name","value":"warnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProblemParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"UserErrorParts"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RevisionConflictError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"current"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Toggle"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EditorParts"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ToggleEnvironment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConfigurationParts"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Segment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SegmentParts"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Strategy"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"StrategyParts"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ContextField"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ContextFieldParts"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Project"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProjectParts"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TagType"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TagTypeParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"lastEvent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InUseError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"usedByCount"}},{"kind":"Field","name":{"kind":"Name","value":"usedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Toggle"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Segment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"segmentName"},"name":{"kind":"Name","value":"name"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ApiToken"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"tokenName"},"name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ApplyChangesMutation, ApplyChangesMutationVariables>;
export const ScheduleRolloutDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ScheduleRollout"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RolloutScheduleInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"100"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"offset"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"0"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"search"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"withWarnings"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}},"defaultValue":{"kind":"BooleanValue","value":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rolloutSchedule"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changeSet"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"applyAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"offset"},"value":{"kind":"Variable","name":{"kind":"Name","value":"offset"}}},{"kind":"Argument","name":{"kind":"Name","value":"search"},"value":{"kind":"Variable","name":{"kind":"Name","value":"search"}}},{"kind":"Argument","name":{"kind":"Name","value":"withWarnings"},"value":{"kind":"Variable","name":{"kind":"Name","value":"withWarnings"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ChangeParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changeCount"}},{"kind":"Field","alias":{"kind":"Name","value":"foundCount"},"name":{"kind":"Name","value":"changeCount"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"search"},"value":{"kind":"Variable","name":{"kind":"Name","value":"search"}}},{"kind":"Argument","name":{"kind":"Name","value":"withWarnings"},"value":{"kind":"Variable","name":{"kind":"Name","value":"withWarnings"}}}]},{"kind":"Field","alias":{"kind":"Name","value":"riskCount"},"name":{"kind":"Name","value":"changeCount"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"withWarnings"},"value":{"kind":"BooleanValue","value":true}}]},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"UserErrorParts"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EnvironmentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Environment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"sortOrder"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ChangeParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Change"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"plan"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"subjectName"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EnvironmentParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"after"}}]}},{"kind":"Field","name":{"kind":"Name","value":"warnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"UserErrorParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]} as unknown as DocumentNode<ScheduleRolloutMutation, ScheduleRolloutMutationVariables>;
export const RevertChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RevertChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ChangeSetRevertInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"100"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"offset"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},"defaultValue":{"kind":"IntValue","value":"0"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"search"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"withWarnings"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}},"defaultValue":{"kind":"BooleanValue","value":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changeSetRevert"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changeSet"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"offset"},"value":{"kind":"Variable","name":{"kind":"Name","value":"offset"}}},{"kind":"Argument","name":{"kind":"Name","value":"search"},"value":{"kind":"Variable","name":{"kind":"Name","value":"search"}}},{"kind":"Argument","name":{"kind":"Name","value":"withWarnings"},"value":{"kind":"Variable","name":{"kind":"Name","value":"withWarnings"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ChangeParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changeCount"}},{"kind":"Field","alias":{"kind":"Name","value":"foundCount"},"name":{"kind":"Name","value":"changeCount"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"search"},"value":{"kind":"Variable","name":{"kind":"Name","value":"search"}}},{"kind":"Argument","name":{"kind":"Name","value":"withWarnings"},"value":{"kind":"Variable","name":{"kind":"Name","value":"withWarnings"}}}]},{"kind":"Field","alias":{"kind":"Name","value":"riskCount"},"name":{"kind":"Name","value":"changeCount"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"withWarnings"},"value":{"kind":"BooleanValue","value":true}}]},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"UserErrorParts"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EnvironmentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Environment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"sortOrder"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ChangeParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Change"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"plan"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"subjectName"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EnvironmentParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"after"}}]}},{"kind":"Field","name":{"kind":"Name","value":"warnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"UserErrorParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]} as unknown as DocumentNode<RevertChangesMutation, RevertChangesMutationVariables>;
export const SetEnabledDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SetEnabled"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ToggleSetEnabledInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"toggleSetEnabled"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"toggleEnvironment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"UserErrorParts"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"UserErrorParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]} as unknown as DocumentNode<SetEnabledMutation, SetEnabledMutationVariables>;
export const CancelChangeSetDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelChangeSet"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ChangeSetCancelInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changeSetCancel"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changeSet"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"UserErrorParts"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"UserErrorParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]} as unknown as DocumentNode<CancelChangeSetMutation, CancelChangeSetMutationVariables>;
export const FollowEventsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"FollowEvents"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"EventFilter"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"events"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}}]}}]}}]}}]} as unknown as DocumentNode<FollowEventsSubscription, FollowEventsSubscriptionVariables>;
export const StrategyTitlesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"StrategyTitles"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"strategies"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}}]}}]}}]}}]} as unknown as DocumentNode<StrategyTitlesQuery, StrategyTitlesQueryVariables>;
export const EditorDefinitionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EditorDefinitions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"strategies"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"deprecated"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"required"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"segments"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SegmentChoice"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"contextFields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"stickiness"}},{"kind":"Field","name":{"kind":"Name","value":"legalValues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"description"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"toggleTypes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"lifetimeDays"}}]}},{"kind":"Field","name":{"kind":"Name","value":"projects"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tagTypes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SegmentChoice"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Segment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"constraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}}]}}]}}]} as unknown as DocumentNode<EditorDefinitionsQuery, EditorDefinitionsQueryVariables>;
export const FoundSegmentsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FoundSegments"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"search"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"segments"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"search"},"value":{"kind":"Variable","name":{"kind":"Name","value":"search"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SegmentChoice"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SegmentChoice"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Segment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"constraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}}]}}]}}]} as unknown as DocumentNode<FoundSegmentsQuery, FoundSegmentsQueryVariables>;
export const FoundTogglesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FoundToggles"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"search"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"toggles"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"search"},"value":{"kind":"Variable","name":{"kind":"Name","value":"search"}}}]}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<FoundTogglesQuery, FoundTogglesQueryVariables>;
export const FoundToggleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FoundToggle"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"toggle"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"environments"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]} as unknown as DocumentNode<FoundToggleQuery, FoundToggleQueryVariables>;