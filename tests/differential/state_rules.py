"""Rules for differences of state export and import."""

from tests.differential.call import Exchange, imported_document
from tests.differential.comparing import ABSENT, Difference
from tests.differential.rules import Diverges, rule, silent_rule, statuses_of


@rule("import-unknown-keys")
def _is_unknown_key(_: Exchange, difference: Difference) -> bool:
    return difference.key == "unknownKey" and difference.flagstaff is ABSENT


@rule("export-loose-tags")
def _is_tag_of_archived_toggle(exchange: Exchange, difference: Difference) -> bool:
    if not exchange.call.path.startswith("/api/admin/state/export") or difference.flagstaff:
        return False
    if difference.place != "body.featureTags.length":
        return False
    exported = {item["name"] for item in difference.owners[0].get("features", ())}
    return not any(item["featureName"] in exported for item in difference.unleash)


@rule("import-errors")
def _is_list_of_import_errors(exchange: Exchange, difference: Difference) -> bool:
    is_import = exchange.call.operation.endswith("/state/import")
    both = exchange.unleash.status == exchange.flagstaff.status == 400
    return is_import and both and difference.place.startswith("body.details")


@silent_rule("import-unchanged", Diverges.EVENTS)
def _imports_what_is_there(exchange: Exchange) -> bool:
    call, before = exchange.call, exchange.before
    if not call.operation.endswith("/state/import") or before is None:
        return False
    has_keep = "keep=true" in call.path or "keep=1" in call.path
    parts = ("projects", "tags", "tagTypes", "featureTags")
    document = imported_document(call)
    return not has_keep and any(document.get(part) and before.json.get(part) for part in parts)


@rule("export-yaml-times")
def _is_time_in_yaml(exchange: Exchange, difference: Difference) -> bool:
    return "format=yaml" in exchange.call.path and difference.key in ("createdAt", "lastSeenAt")


@rule("import-conversions")
def _is_converted(_: Exchange, difference: Difference) -> bool:
    words = {"true": True, "false": False, "TRUE": True, "FALSE": False}
    if difference.key == "required":
        return difference.flagstaff is words.get(difference.unleash)
    return difference.key == "weight" and difference.unleash == str(difference.flagstaff)


@rule("project-description")
def _is_missing_description(exchange: Exchange, difference: Difference) -> bool:
    of_project = "projects[]" in difference.place or any(
        owner.get("type") == "project-import" for owner in difference.owners
    )
    texts = (difference.unleash, difference.flagstaff)
    return of_project and difference.key == "description" and texts == (None, "")


@silent_rule("import-conversions", Diverges.STATE)
def _imports_truth_as_text(exchange: Exchange) -> bool:
    # In imports, 3.17.6 treats any string as true, even `False`.
    is_import = exchange.call.operation.endswith("/state/import")
    return is_import and b'"enabled": "False"' in (exchange.call.body or b"")


@rule("import-version", Diverges.STATE)
def _is_unknown_version(exchange: Exchange, difference: Difference) -> bool:
    is_import = exchange.call.operation.endswith("/state/import")
    if not is_import or statuses_of(difference) != (202, 400):
        return False
    return str(imported_document(exchange.call).get("version", 1)) not in ("1", "2", "3", "4")
