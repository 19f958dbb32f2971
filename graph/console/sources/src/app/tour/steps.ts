/** The steps of the tour. A target that is not on the page is not marked. */
export const STEPS: readonly { title: string; text: string; target?: string }[] = [
  {
    title: "A switch for each environment",
    text: "Each row is a toggle, and each column an environment. Switches of production wait five seconds, so that you can take them back.",
    target: "#content thead",
  },
  {
    title: "Look before you change",
    text: "All other changes show their effects in a review before you apply them. Change sets lists them, and undoes each one as a whole.",
    target: 'nav a[href$="/change-sets"]',
  },
  {
    title: "Find out why",
    text: "The playground shows who gets which toggle and why, also with changes that nobody has made yet.",
    target: 'nav a[href$="/playground"]',
  },
  {
    title: "Connect an application",
    text: "An application needs a token for its environment. You create it here, and see its secret once.",
    target: 'nav a[href$="/tokens"]',
  },
  {
    title: "Find and do everything",
    text: "Ctrl K or ⌘ K finds toggles and pages, and does what the buttons do. The key ? shows all keys.",
    target: "header [aria-keyshortcuts='Control+K']",
  },
];
