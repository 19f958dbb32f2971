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

export type ContextInput = {
  appName?: string | null | undefined;
  currentTime?: string | null | undefined;
  properties?: Array<ContextPropertyInput>;
  remoteAddress?: string | null | undefined;
  sessionId?: string | null | undefined;
  userId?: string | null | undefined;
};

export type ContextPropertyInput = {
  name: string;
  value: string;
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

export type EvaluationReason =
  | 'ARCHIVED'
  | 'DEPENDENCY_NOT_MET'
  | 'DISABLED'
  | 'NO_STRATEGIES'
  | 'NO_STRATEGY_MATCHED'
  | 'STRATEGY_MATCHED'
  | 'UNDECIDED';

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

export type LifecycleStage =
  | 'ARCHIVED'
  | 'COMPLETED'
  | 'INITIAL'
  | 'LIVE'
  | 'PRE_LIVE';

export type MetricsInterval =
  | 'DAY'
  | 'HOUR'
  | 'MINUTE';

export type Outcome =
  | 'MET'
  | 'NOT_MET'
  | 'UNKNOWN';

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

export type TogglePagePartsFragment = { archived: boolean, archivedAt: string | null, potentiallyStale: boolean, expiresAt: string | null, lastSeenAt: string | null, createdAt: string, updatedAt: string, dependentCount: number, id: string, name: string, description: string, impressionData: boolean, stale: boolean, revision: number, createdBy: { name: string } | null, lifecycle: { stage: LifecycleStage, enteredAt: string }, type: { id: string, title: string, lifetimeDays: number | null, name: string }, project: { id: string, title: string, name: string }, environments: Array<{ id: string, updatedAt: string, lastSeenAt: string | null, enabled: boolean, revision: number, environment: { id: string, name: string, type: EnvironmentType, sortOrder: number }, strategies: Array<{ id: string, summary: string, name: string, title: string, disabled: boolean, parameters: Array<{ name: string, value: string }>, constraints: Array<{ contextName: string, operator: string, values: Array<string>, caseInsensitive: boolean, inverted: boolean }>, segments: Array<{ id: string, name: string }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> }>, dependents: Array<{ id: string, name: string }>, tags: Array<{ value: string, type: { id: string, name: string } }>, dependencies: Array<{ enabled: boolean, variants: Array<string>, toggle: { id: string, name: string } }> };

export type EnvironmentPageFragment = { id: string, updatedAt: string, lastSeenAt: string | null, environment: { id: string, name: string, type: EnvironmentType, sortOrder: number }, strategies: Array<{ id: string, summary: string }> };

export type TogglePageQueryVariables = Exact<{
  name: string;
}>;


export type TogglePageQuery = { toggle: { archived: boolean, archivedAt: string | null, potentiallyStale: boolean, expiresAt: string | null, lastSeenAt: string | null, createdAt: string, updatedAt: string, dependentCount: number, id: string, name: string, description: string, impressionData: boolean, stale: boolean, revision: number, usages: { totalCount: number, nodes: Array<{ lastSeenAt: string, application: { id: string, name: string }, environment: { id: string, name: string } }> }, createdBy: { name: string } | null, lifecycle: { stage: LifecycleStage, enteredAt: string }, type: { id: string, title: string, lifetimeDays: number | null, name: string }, project: { id: string, title: string, name: string }, environments: Array<{ id: string, updatedAt: string, lastSeenAt: string | null, enabled: boolean, revision: number, environment: { id: string, name: string, type: EnvironmentType, sortOrder: number }, strategies: Array<{ id: string, summary: string, name: string, title: string, disabled: boolean, parameters: Array<{ name: string, value: string }>, constraints: Array<{ contextName: string, operator: string, values: Array<string>, caseInsensitive: boolean, inverted: boolean }>, segments: Array<{ id: string, name: string }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> }>, dependents: Array<{ id: string, name: string }>, tags: Array<{ value: string, type: { id: string, name: string } }>, dependencies: Array<{ enabled: boolean, variants: Array<string>, toggle: { id: string, name: string } }> } | null };

export type ToggleFollowedSubscriptionVariables = Exact<{
  name: string;
}>;


export type ToggleFollowedSubscription = { toggleChanged: { toggleId: string, toggle: { archived: boolean, archivedAt: string | null, potentiallyStale: boolean, expiresAt: string | null, lastSeenAt: string | null, createdAt: string, updatedAt: string, dependentCount: number, id: string, name: string, description: string, impressionData: boolean, stale: boolean, revision: number, createdBy: { name: string } | null, lifecycle: { stage: LifecycleStage, enteredAt: string }, type: { id: string, title: string, lifetimeDays: number | null, name: string }, project: { id: string, title: string, name: string }, environments: Array<{ id: string, updatedAt: string, lastSeenAt: string | null, enabled: boolean, revision: number, environment: { id: string, name: string, type: EnvironmentType, sortOrder: number }, strategies: Array<{ id: string, summary: string, name: string, title: string, disabled: boolean, parameters: Array<{ name: string, value: string }>, constraints: Array<{ contextName: string, operator: string, values: Array<string>, caseInsensitive: boolean, inverted: boolean }>, segments: Array<{ id: string, name: string }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> }>, variants: Array<{ name: string, weight: number, weightType: VariantWeightType, stickiness: string, payload: { type: string, value: string } | null, overrides: Array<{ contextName: string, values: Array<string> }> }> }>, dependents: Array<{ id: string, name: string }>, tags: Array<{ value: string, type: { id: string, name: string } }>, dependencies: Array<{ enabled: boolean, variants: Array<string>, toggle: { id: string, name: string } }> } | null } };

export type DeletedToggleQueryVariables = Exact<{
  name: string;
}>;


export type DeletedToggleQuery = { events: { nodes: Array<{ id: string, summary: string, createdAt: string, actor: { name: string } }> } };

export type WhatIfQueryVariables = Exact<{
  name: string;
  environment: string;
  context: ContextInput;
  changes?: Array<ChangeInput> | ChangeInput | null | undefined;
}>;


export type WhatIfQuery = { playground: { nodes: Array<{ evaluations: Array<{ enabled: boolean, reason: EvaluationReason, explanation: string, variant: { name: string, enabled: boolean, payload: { value: string } | null }, strategies: Array<{ outcome: Outcome, explanation: string, strategy: { id: string, name: string, title: string, summary: string } }> }>, before: Array<{ enabled: boolean, reason: EvaluationReason, explanation: string, variant: { name: string, enabled: boolean, payload: { value: string } | null }, strategies: Array<{ outcome: Outcome, explanation: string, strategy: { id: string, name: string, title: string, summary: string } }> }> }> } };

export type VerdictFragment = { enabled: boolean, reason: EvaluationReason, explanation: string, variant: { name: string, enabled: boolean, payload: { value: string } | null }, strategies: Array<{ outcome: Outcome, explanation: string, strategy: { id: string, name: string, title: string, summary: string } }> };

export type RecentChangesQueryVariables = Exact<{
  name: string;
  first?: number | null | undefined;
}>;


export type RecentChangesQuery = { toggle: { id: string, events: { nodes: Array<{ id: string, revision: number, summary: string, createdAt: string, actor: { name: string }, changeSet: { id: string, comment: string } | null }> } } | null };

export type ScheduledChangesQueryVariables = Exact<{
  toggle: string;
}>;


export type ScheduledChangesQuery = { changeSets: { totalCount: number, nodes: Array<{ id: string, comment: string, applyAt: string | null, createdBy: { name: string }, changes: Array<{ index: number, plan: string }> }> } };

export type UsageCountsFragment = { yes: number, no: number, variants: Array<{ name: string, count: number }>, buckets: Array<{ start: string, end: string, yes: number, no: number }> };

export type ToggleUsageQueryVariables = Exact<{
  name: string;
  environment: string;
  hoursBack: number;
  interval: MetricsInterval;
}>;


export type ToggleUsageQuery = { toggle: { id: string, environment: { id: string, metrics: { yes: number, no: number, variants: Array<{ name: string, count: number }>, buckets: Array<{ start: string, end: string, yes: number, no: number }> } } | null } | null };

export type ToggleReportsSubscriptionVariables = Exact<{
  name: string;
  environment: string;
}>;


export type ToggleReportsSubscription = { metricsTick: { start: string, end: string, toggles: Array<{ yes: number, no: number, variants: Array<{ name: string, count: number }> }> } };

export const UserErrorPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"UserErrorParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"UserError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"path"}}]}}]} as unknown as DocumentNode<UserErrorPartsFragment, unknown>;
export const EnvironmentPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EnvironmentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Environment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"sortOrder"}}]}}]} as unknown as DocumentNode<EnvironmentPartsFragment, unknown>;
export const ChangePartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ChangeParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Change"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"plan"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"subjectName"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EnvironmentParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"before"}},{"kind":"Field","name":{"kind":"Name","value":"after"}}]}},{"kind":"Field","name":{"kind":"Name","value":"warnings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EnvironmentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Environment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"sortOrder"}}]}}]} as unknown as DocumentNode<ChangePartsFragment, unknown>;
export const SegmentPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SegmentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Segment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"constraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"values"}},{"kind":"Field","name":{"kind":"Name","value":"caseInsensitive"}},{"kind":"Field","name":{"kind":"Name","value":"inverted"}}]}}]}}]} as unknown as DocumentNode<SegmentPartsFragment, unknown>;
export const StrategyPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"StrategyParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Strategy"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"deprecated"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"required"}}]}}]}}]} as unknown as DocumentNode<StrategyPartsFragment, unknown>;
export const ContextFieldPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ContextFieldParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ContextField"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"stickiness"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"legalValues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"description"}}]}}]}}]} as unknown as DocumentNode<ContextFieldPartsFragment, unknown>;
export const ProjectPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProjectParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Project"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]} as unknown as DocumentNode<ProjectPartsFragment, unknown>;
export const TagTypePartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TagTypeParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TagType"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"icon"}},{"kind":"Field","name":{"kind":"Name","value":"color"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}}]}}]} as unknown as DocumentNode<TagTypePartsFragment, unknown>;
export const VariantPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"VariantParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Variant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"weight"}},{"kind":"Field","name":{"kind":"Name","value":"weightType"}},{"kind":"Field","name":{"kind":"Name","value":"stickiness"}},{"kind":"Field","name":{"kind":"Name","value":"payload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"overrides"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}}]} as unknown as DocumentNode<VariantPartsFragment, unknown>;
export const ConfigurationPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConfigurationParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ToggleEnvironment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"strategies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"disabled"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"constraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"values"}},{"kind":"Field","name":{"kind":"Name","value":"caseInsensitive"}},{"kind":"Field","name":{"kind":"Name","value":"inverted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"segments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"VariantParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Variant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"weight"}},{"kind":"Field","name":{"kind":"Name","value":"weightType"}},{"kind":"Field","name":{"kind":"Name","value":"stickiness"}},{"kind":"Field","name":{"kind":"Name","value":"payload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"overrides"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}}]} as unknown as DocumentNode<ConfigurationPartsFragment, unknown>;
export const EditorPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EditorParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Toggle"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"impressionData"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"type"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"project"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tags"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"type"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"dependencies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"variants"}},{"kind":"Field","name":{"kind":"Name","value":"toggle"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"environments"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"500"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConfigurationParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"VariantParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Variant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"weight"}},{"kind":"Field","name":{"kind":"Name","value":"weightType"}},{"kind":"Field","name":{"kind":"Name","value":"stickiness"}},{"kind":"Field","name":{"kind":"Name","value":"payload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"overrides"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConfigurationParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ToggleEnvironment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"strategies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"disabled"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"constraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"values"}},{"kind":"Field","name":{"kind":"Name","value":"caseInsensitive"}},{"kind":"Field","name":{"kind":"Name","value":"inverted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"segments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}}]} as unknown as DocumentNode<EditorPartsFragment, unknown>;
export const EnvironmentPageFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EnvironmentPage"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ToggleEnvironment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSeenAt"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EnvironmentParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"strategies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EnvironmentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Environment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"sortOrder"}}]}}]} as unknown as DocumentNode<EnvironmentPageFragment, unknown>;
export const TogglePagePartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TogglePageParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Toggle"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EditorParts"}},{"kind":"Field","name":{"kind":"Name","value":"archived"}},{"kind":"Field","name":{"kind":"Name","value":"archivedAt"}},{"kind":"Field","name":{"kind":"Name","value":"potentiallyStale"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSeenAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lifecycle"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stage"}},{"kind":"Field","name":{"kind":"Name","value":"enteredAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"type"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"lifetimeDays"}}]}},{"kind":"Field","name":{"kind":"Name","value":"project"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}}]}},{"kind":"Field","name":{"kind":"Name","value":"environments"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"500"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EnvironmentPage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"dependents"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"dependentCount"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"VariantParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Variant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"weight"}},{"kind":"Field","name":{"kind":"Name","value":"weightType"}},{"kind":"Field","name":{"kind":"Name","value":"stickiness"}},{"kind":"Field","name":{"kind":"Name","value":"payload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"overrides"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConfigurationParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ToggleEnvironment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"strategies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"disabled"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"constraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"values"}},{"kind":"Field","name":{"kind":"Name","value":"caseInsensitive"}},{"kind":"Field","name":{"kind":"Name","value":"inverted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"segments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EnvironmentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Environment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"sortOrder"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EditorParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Toggle"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"impressionData"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"type"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"project"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tags"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"type"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"dependencies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"variants"}},{"kind":"Field","name":{"kind":"Name","value":"toggle"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"environments"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"500"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConfigurationParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EnvironmentPage"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ToggleEnvironment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSeenAt"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EnvironmentParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"strategies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}}]}}]}}]} as unknown as DocumentNode<TogglePagePartsFragment, unknown>;
export const VerdictFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Verdict"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Evaluation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"variant"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"payload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"strategies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"strategy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}}]}}]}}]}}]} as unknown as DocumentNode<VerdictFragment, unknown>;
export const UsageCountsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"UsageCounts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MetricsSeries"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"yes"}},{"kind":"Field","name":{"kind":"Name","value":"no"}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"buckets"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"start"}},{"kind":"Field","name":{"kind":"Name","value":"end"}},{"kind":"Field","name":{"kind":"Name","value":"yes"}},{"kind":"Field","name":{"kind":"Name","value":"no"}}]}}]}}]} as unknown as DocumentNode<UsageCountsFragment, unknown>;
export const TogglePageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"TogglePage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"toggle"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TogglePageParts"}},{"kind":"Field","name":{"kind":"Name","value":"usages"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"lastSeenAt"}},{"kind":"Field","name":{"kind":"Name","value":"application"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"VariantParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Variant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"weight"}},{"kind":"Field","name":{"kind":"Name","value":"weightType"}},{"kind":"Field","name":{"kind":"Name","value":"stickiness"}},{"kind":"Field","name":{"kind":"Name","value":"payload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"overrides"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConfigurationParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ToggleEnvironment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"strategies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"disabled"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"constraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"values"}},{"kind":"Field","name":{"kind":"Name","value":"caseInsensitive"}},{"kind":"Field","name":{"kind":"Name","value":"inverted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"segments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EditorParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Toggle"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"impressionData"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"type"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"project"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tags"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"type"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"dependencies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"variants"}},{"kind":"Field","name":{"kind":"Name","value":"toggle"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"environments"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"500"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConfigurationParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EnvironmentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Environment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"sortOrder"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EnvironmentPage"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ToggleEnvironment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSeenAt"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EnvironmentParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"strategies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TogglePageParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Toggle"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EditorParts"}},{"kind":"Field","name":{"kind":"Name","value":"archived"}},{"kind":"Field","name":{"kind":"Name","value":"archivedAt"}},{"kind":"Field","name":{"kind":"Name","value":"potentiallyStale"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSeenAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lifecycle"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stage"}},{"kind":"Field","name":{"kind":"Name","value":"enteredAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"type"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"lifetimeDays"}}]}},{"kind":"Field","name":{"kind":"Name","value":"project"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}}]}},{"kind":"Field","name":{"kind":"Name","value":"environments"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"500"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EnvironmentPage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"dependents"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"dependentCount"}}]}}]} as unknown as DocumentNode<TogglePageQuery, TogglePageQueryVariables>;
export const ToggleFollowedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"ToggleFollowed"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"toggleChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"names"},"value":{"kind":"ListValue","values":[{"kind":"Variable","name":{"kind":"Name","value":"name"}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"toggleId"}},{"kind":"Field","name":{"kind":"Name","value":"toggle"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TogglePageParts"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"VariantParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Variant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"weight"}},{"kind":"Field","name":{"kind":"Name","value":"weightType"}},{"kind":"Field","name":{"kind":"Name","value":"stickiness"}},{"kind":"Field","name":{"kind":"Name","value":"payload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"overrides"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ConfigurationParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ToggleEnvironment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"strategies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"disabled"}},{"kind":"Field","name":{"kind":"Name","value":"parameters"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"constraints"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contextName"}},{"kind":"Field","name":{"kind":"Name","value":"operator"}},{"kind":"Field","name":{"kind":"Name","value":"values"}},{"kind":"Field","name":{"kind":"Name","value":"caseInsensitive"}},{"kind":"Field","name":{"kind":"Name","value":"inverted"}}]}},{"kind":"Field","name":{"kind":"Name","value":"segments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"VariantParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EditorParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Toggle"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"impressionData"}},{"kind":"Field","name":{"kind":"Name","value":"stale"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"type"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"project"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tags"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"type"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"dependencies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"variants"}},{"kind":"Field","name":{"kind":"Name","value":"toggle"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"environments"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"500"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ConfigurationParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EnvironmentParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Environment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"sortOrder"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EnvironmentPage"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ToggleEnvironment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSeenAt"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EnvironmentParts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"strategies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TogglePageParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Toggle"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EditorParts"}},{"kind":"Field","name":{"kind":"Name","value":"archived"}},{"kind":"Field","name":{"kind":"Name","value":"archivedAt"}},{"kind":"Field","name":{"kind":"Name","value":"potentiallyStale"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSeenAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"lifecycle"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stage"}},{"kind":"Field","name":{"kind":"Name","value":"enteredAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"type"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"lifetimeDays"}}]}},{"kind":"Field","name":{"kind":"Name","value":"project"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}}]}},{"kind":"Field","name":{"kind":"Name","value":"environments"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"500"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EnvironmentPage"}}]}},{"kind":"Field","name":{"kind":"Name","value":"dependents"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"dependentCount"}}]}}]} as unknown as DocumentNode<ToggleFollowedSubscription, ToggleFollowedSubscriptionVariables>;
export const DeletedToggleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"DeletedToggle"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"events"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"toggles"},"value":{"kind":"ListValue","values":[{"kind":"Variable","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]} as unknown as DocumentNode<DeletedToggleQuery, DeletedToggleQueryVariables>;
export const WhatIfDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WhatIf"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"environment"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"context"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ContextInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"changes"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ChangeInput"}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"playground"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"names"},"value":{"kind":"ListValue","values":[{"kind":"Variable","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Argument","name":{"kind":"Name","value":"environments"},"value":{"kind":"ListValue","values":[{"kind":"Variable","name":{"kind":"Name","value":"environment"}}]}},{"kind":"Argument","name":{"kind":"Name","value":"contexts"},"value":{"kind":"ListValue","values":[{"kind":"Variable","name":{"kind":"Name","value":"context"}}]}},{"kind":"Argument","name":{"kind":"Name","value":"changes"},"value":{"kind":"Variable","name":{"kind":"Name","value":"changes"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"evaluations"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Verdict"}}]}},{"kind":"Field","name":{"kind":"Name","value":"before"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"Verdict"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"Verdict"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Evaluation"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"variant"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"enabled"}},{"kind":"Field","name":{"kind":"Name","value":"payload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"strategies"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"explanation"}},{"kind":"Field","name":{"kind":"Name","value":"strategy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}}]}}]}}]}}]} as unknown as DocumentNode<WhatIfQuery, WhatIfQueryVariables>;
export const RecentChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"RecentChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"toggle"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"events"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"summary"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changeSet"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"comment"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<RecentChangesQuery, RecentChangesQueryVariables>;
export const ScheduledChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ScheduledChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"toggle"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"changeSets"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"toggles"},"value":{"kind":"ListValue","values":[{"kind":"Variable","name":{"kind":"Name","value":"toggle"}}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"states"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"SCHEDULED"}]}}]}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"5"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"comment"}},{"kind":"Field","name":{"kind":"Name","value":"applyAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"changes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"plan"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ScheduledChangesQuery, ScheduledChangesQueryVariables>;
export const ToggleUsageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ToggleUsage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"environment"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"hoursBack"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"interval"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"MetricsInterval"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"toggle"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"environment"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"environment"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"metrics"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"hoursBack"},"value":{"kind":"Variable","name":{"kind":"Name","value":"hoursBack"}}},{"kind":"Argument","name":{"kind":"Name","value":"interval"},"value":{"kind":"Variable","name":{"kind":"Name","value":"interval"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"UsageCounts"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"UsageCounts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MetricsSeries"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"yes"}},{"kind":"Field","name":{"kind":"Name","value":"no"}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"buckets"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"start"}},{"kind":"Field","name":{"kind":"Name","value":"end"}},{"kind":"Field","name":{"kind":"Name","value":"yes"}},{"kind":"Field","name":{"kind":"Name","value":"no"}}]}}]}}]} as unknown as DocumentNode<ToggleUsageQuery, ToggleUsageQueryVariables>;
export const ToggleReportsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"ToggleReports"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"environment"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"metricsTick"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"toggles"},"value":{"kind":"ListValue","values":[{"kind":"Variable","name":{"kind":"Name","value":"name"}}]}},{"kind":"Argument","name":{"kind":"Name","value":"environments"},"value":{"kind":"ListValue","values":[{"kind":"Variable","name":{"kind":"Name","value":"environment"}}]}},{"kind":"Argument","name":{"kind":"Name","value":"intervalSeconds"},"value":{"kind":"IntValue","value":"1"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"start"}},{"kind":"Field","name":{"kind":"Name","value":"end"}},{"kind":"Field","name":{"kind":"Name","value":"toggles"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"yes"}},{"kind":"Field","name":{"kind":"Name","value":"no"}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ToggleReportsSubscription, ToggleReportsSubscriptionVariables>;