"""A form that was sent, read within the service's limits and checked to be the desk's own."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends
from starlette.datastructures import ImmutableMultiDict
from starlette.exceptions import HTTPException
from starlette.requests import Request

from serving.desk.guard import TOKEN, check_token
from serving.limits import read

MAX_FIELDS = 500


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form; line ends are `\\n`, as in the text that the writer saw."""

    fields: ImmutableMultiDict[str, str]

    def one(self, name: str) -> str:
        """The value of a field; empty if it was not sent."""
        return self.fields.get(name, "")

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field that may be sent several times."""
        return tuple(self.fields.getlist(name))


async def read_form(request: Request) -> Form:
    """The form; refuses one that no page of the desk has sent."""
    body = await read(request)
    try:
        # Browsers send line ends of text areas as \r\n, whatever was pasted.
        pairs = [
            (name, value.replace("\r\n", "\n"))
            for name, value in parse_qsl(
                body.decode("ascii"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=MAX_FIELDS,
            )
        ]
    except ValueError:
        raise HTTPException(400, "This is no form that a browser sends.") from None
    form = Form(ImmutableMultiDict(pairs))
    check_token(request, form.one(TOKEN))
    return form


FormDep = Annotated[Form, Depends(read_form)]
