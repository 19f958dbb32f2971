interface ChangeSet {
  comment: string;
  appliedAt: string | null;
  changeCount: number;
}

interface Change {
  summary: string;
  plan: string;
}

/** Return the sentence about a change of a change set: what it did, or what it would do. */
export function sentenceOf({ appliedAt }: Pick<ChangeSet, "appliedAt">, change: Change | undefined): string {
  if (!change) return "Nothing changed.";
  return appliedAt === null ? change.plan : change.summary;
}

/** Return the reason of a change set, or a sentence about its changes, of which `first` is the first one. */
export function changeSetTitle(changeSet: ChangeSet, first: Change | undefined): string {
  const { comment, changeCount } = changeSet;
  if (comment) return comment;
  const sentence = sentenceOf(changeSet, first);
  if (changeCount < 2) return sentence;
  return `${changeCount} changes: ${sentence.replace(/\.$/, "")} and ${changeCount === 2 ? "another one" : "others"}`;
}
