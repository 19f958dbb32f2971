
      export type PossibleTypesResultData = {
  "possibleTypes": {
    "Node": [
      "ApiToken",
      "Application",
      "ApplicationInstance",
      "ChangeSet",
      "ContextField",
      "Environment",
      "Event",
      "Project",
      "Segment",
      "Strategy",
      "TagType",
      "Toggle",
      "ToggleEnvironment",
      "ToggleStrategy",
      "ToggleType",
      "Webhook",
      "WebhookDelivery"
    ],
    "UserError": [
      "AlreadyExistsError",
      "InUseError",
      "InvalidError",
      "NotFoundError",
      "OtherUserError",
      "RevisionConflictError"
    ]
  }
};
      const result: PossibleTypesResultData = {
  "possibleTypes": {
    "Node": [
      "ApiToken",
      "Application",
      "ApplicationInstance",
      "ChangeSet",
      "ContextField",
      "Environment",
      "Event",
      "Project",
      "Segment",
      "Strategy",
      "TagType",
      "Toggle",
      "ToggleEnvironment",
      "ToggleStrategy",
      "ToggleType",
      "Webhook",
      "WebhookDelivery"
    ],
    "UserError": [
      "AlreadyExistsError",
      "InUseError",
      "InvalidError",
      "NotFoundError",
      "OtherUserError",
      "RevisionConflictError"
    ]
  }
};
      export default result;
    