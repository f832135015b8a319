"""One ad, its result and the rest of what the schemas show."""

from pydantic import ConfigDict
from pydantic.config import JsonDict

TEXT = "Hostess in Dubai 🌴 we pay your ticket, passport stays with us. Write on Telegram."

AD: JsonDict = {"text": TEXT}

PHRASE: JsonDict = {
    "text": "passport stays with us",
    "start": 39,
    "end": 61,
    "utf16_start": 40,
    "utf16_end": 62,
    "indicators": ["document_retention"],
    "contribution": 2.1,
}

FOUND: JsonDict = {"score": 0.88, "strength": "strong", "found": True}

LANGUAGE: JsonDict = {"code": "en", "known": True}

SCORE: JsonDict = {
    "risk": 0.91,
    "band": "high",
    "indicators": {
        "document_retention": FOUND,
        "off_platform_contact": {"score": 0.46, "strength": "weak", "found": False},
    },
    "phrases": [
        PHRASE,
        {
            "text": "we pay your ticket",
            "start": 19,
            "end": 37,
            "utf16_start": 20,
            "utf16_end": 38,
            "indicators": [],
            "contribution": 0.8,
        },
    ],
    "language": LANGUAGE,
    "facts": [],
    "log_odds": 2.3136,
    "intercept": -0.9,
    "rest": 0.3136,
    "model": "2025.1",
}

INDICATOR: JsonDict = {
    "name": "document_retention",
    "title": "Taking or keeping identity documents",
    "family": "control",
    "strength": "strong",
    "strength_note": "strong",
    "counts": "Passport or papers are handed over, held or kept by the employer or agent.",
    "does_not_count": "A copy is asked for; papers are shown and given back.",
    "hard_negatives": "Visa services that hold a passport while an embassy works on it.",
    "phrases": {"en": ["we keep your passport safe"], "es": ["guardamos tu pasaporte"]},
    "sources": "ILO indicators of forced labour",
}

MODEL: JsonDict = {
    "version": "2025.1",
    "data": {"texts": 5209, "deceptive": 2581, "fingerprint": "9f2c41d0"},
    "metrics": {"roc_auc": 0.92},
    "thresholds": {"review": 0.5, "high": 0.8, "indicators": {"document_retention": 0.4}},
    "untrained": ["organ_removal_lure"],
    "languages": ["en", "es", "pt", "ru", "uk", "zh"],
    "limits": ["Trained on ads written for the purpose; real ads differ."],
}

KEEP: JsonDict = {"text": TEXT, "source": "board", "external_id": "4711"}

KNOWN: JsonDict = {"kind": "employer", "value": "Hotel Lago Verde"}

VOUCH: JsonDict = {
    **KNOWN,
    "owner": "Ana, labour inspectorate",
    "reason": "Visited in May; contracts seen.",
    "until": "2099-12-31",
}

ALLOWED: JsonDict = {
    **VOUCH,
    "id": "01a215d8-d93d-75fe-a03d-fbd0d28f8af9",
    "added": "2026-01-15T09:30:00+00:00",
    "by": "local",
}

STORED: JsonDict = {
    "id": "01a215d8-d93d-75fe-a03d-fbd0d28f8af8",
    "received": "2026-01-15T09:30:00+00:00",
    "source": "board",
    "external_id": "4711",
    "sha256": "815a075bba3dfb599db8bf202ec00fa4a9baa89ad01a9deab353916d91ea859c",
    "status": "open",
    "verdict": None,
    "assignee": None,
    "campaign": None,
    "size": 1,
    "known": [],
    "text": TEXT,
    "result": SCORE,
}

PAGE: JsonDict = {"ads": [STORED], "next": "0.91_4711", "cut": False}

SPAN: JsonDict = {"start": 39, "end": 61, "indicators": ["document_retention"]}

VERDICT: JsonDict = {"choice": "deceptive", "reasons": ["words"], "note": "", "marked": [SPAN]}

DECISION: JsonDict = {
    "id": "01a215d9-015b-72de-8cfc-35eed1afcd10",
    "at": "2026-01-15T09:31:00+00:00",
    "by": "local",
    "choice": "deceptive",
    "reasons": ["words"],
    "note": "",
    "indicators": None,
    "marked": [SPAN],
    "unmarked": [],
    "undone": None,
}

UPLOAD_ID = "01a215da-1f20-7c54-9f3e-0d8b6a1c2e47"

PROGRESS: JsonDict = {
    "rows": 1000,
    "scored": 997,
    "failed": 0,
    "rejects": 3,
    "bands": {"low": 803, "review": 120, "high": 74},
    "share": 0.25,
    "rate": 310.5,
    "notes": [],
}

UPLOAD: JsonDict = {
    "id": UPLOAD_ID,
    "received": "2026-01-15T09:32:00+00:00",
    "by": "local",
    "name": "board.csv",
    "format": "csv",
    "size": 1830422,
    "status": "running",
    "to": "queue",
    "source": "board",
    "progress": PROGRESS,
    "error": None,
}

COLUMNS: JsonDict = {
    "columns": ["number", "text"],
    "guess": ["text"],
    "rows": [["4711", TEXT]],
    "notes": [],
}

START: JsonDict = {"text": ["text"], "id": "number", "to": "queue", "source": "board"}

FAULT: JsonDict = {
    "location": "body.ads[3].text",
    "message": "The text is empty. Send the words of the advertisement.",
}

PROBLEM: JsonDict = {
    "type": "about:blank",
    "title": "Unprocessable Entity",
    "status": 422,
    "detail": "The request does not fit in 1 place; see errors.",
    "errors": [FAULT],
}


def shown(example: JsonDict) -> ConfigDict:
    """The settings of a frozen schema that is shown with an example."""
    return ConfigDict(frozen=True, json_schema_extra={"examples": [example]})


SUMMARY: JsonDict = {
    "name": "01a215d8-d93d-75fe-a03d-fbd0d28f8af8",
    "size": 12,
    "risk": 0.91,
    "open": 11,
    "first": "2026-01-15T09:30:00+00:00",
    "newest": {**STORED, "campaign": "01a215d8-d93d-75fe-a03d-fbd0d28f8af8", "size": 12},
}

SHARED: JsonDict = {"kind": "phone", "value": "+12025550162", "ads": 9}

CAMPAIGN: JsonDict = {
    **SUMMARY,
    "contacts": [SHARED],
    "days": [{"day": "2026-01-15", "ads": 12}],
    "apart": [],
}

VERDICT_FOR_ALL: JsonDict = {"choice": "deceptive", "reasons": ["copy"], "note": "", "ads": None}

DECIDED: JsonDict = {"at": "2026-01-15T09:31:00+00:00", "decisions": [DECISION]}

MOMENT: JsonDict = {"at": DECISION["at"]}

MERGE: JsonDict = {"with": STORED["id"]}

SPLIT: JsonDict = {"ads": [STORED["id"]]}

ASSIGN: JsonDict = {"to": "ana.perez"}
