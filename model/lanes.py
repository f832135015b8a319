"""Compiled: arithmetic on the numbers of several labels at once.

A row of numbers, one for each label, is padded with zeros to a multiple of `LANES`. So many of them
are a block, which the processor holds as one vector. A plain loop over labels would be one too, if
the compiler knew how long it is, and that what is read is never what is written. It asks both
before each loop, and that takes longer than the loop.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import config, types
from numba.core.datamodel import models
from numba.extending import intrinsic, register_model

LANES = 8

_INT = ir.IntType(32)
_ITEMS = {types.float64: ir.DoubleType(), types.float32: ir.FloatType(), types.uint32: _INT}


def padded(labels: int) -> int:
    """The length of a row with room for so many labels."""
    return -(-labels // LANES) * LANES


def _instruction(function: Callable[..., Any]) -> Any:
    """What compiled functions call; the function says of which types it is, and how it is done."""
    return intrinsic(function)


class _Block(types.Type):
    """`LANES` numbers of one type."""

    def __init__(self, dtype: Any) -> None:
        self.dtype = dtype
        super().__init__(name=f"Block({dtype})")


@register_model(_Block)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, ir.VectorType(_ITEMS[kind.dtype], LANES))


@_instruction
def load(_, array, at):
    """The block `array[at : at + LANES]`."""
    del at

    def code(context, builder, signature, args):
        place, size = _place(context, builder, signature.args[0], args)
        return builder.load(place, align=size)

    return _Block(array.dtype)(array, types.int64), code


@_instruction
def store(_, array, at, block):
    """`array[at : at + LANES] = block`."""
    del at

    def code(context, builder, signature, args):
        place, size = _place(context, builder, signature.args[0], args[:2])
        builder.store(args[2], place, align=size)
        return context.get_dummy_value()

    return types.void(array, types.int64, block), code


@_instruction
def spread(_, number):
    """A block of one number."""

    def code(context, builder, signature, args):
        del context, signature
        return _spread(builder, args[0])

    return _Block(number)(number), code


@_instruction
def plus(_, total, block, scale):
    """`total + block * scale`, each lane by itself, in the precision of the total."""
    del scale

    def code(context, builder, signature, args):
        del context, signature
        total, block, scale = args
        if block.type != total.type:
            block = builder.fpext(block, total.type)
        return builder.fadd(total, builder.fmul(block, _spread(builder, scale)))

    return total(total, block, total.dtype), code


@_instruction
def single(_, block):
    """A block of double precision in single precision."""

    def code(context, builder, signature, args):
        del context, signature
        return builder.fptrunc(args[0], ir.VectorType(ir.FloatType(), LANES))

    return _Block(types.float32)(block), code


@_instruction
def above(_, block, least):
    """Which lanes are `least` or more, the first as the lowest bit."""
    del least

    def code(context, builder, signature, args):
        del context, signature
        found = builder.fcmp_ordered(">=", args[0], _spread(builder, args[1]))
        return builder.zext(builder.bitcast(found, ir.IntType(LANES)), ir.IntType(64))

    return types.int64(block, block.dtype), code


@_instruction
def lowest(_, bits):
    """The place of the lowest bit that is set; one must be."""
    del bits

    def code(context, builder, signature, args):
        del context, signature
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), code


@_instruction
def fetch(_, array, at):
    """Ask for `array[at]` to be in the nearest cache when it is needed."""
    del at

    def code(context, builder, signature, args):
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        place = builder.bitcast(builder.gep(data, [args[1]]), ir.IntType(8).as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [place.type, _INT, _INT, _INT])
        call = builder.module.declare_intrinsic("llvm.prefetch", [place.type], kind)
        builder.call(call, [place, *(ir.Constant(_INT, number) for number in (0, 3, 1))])
        return context.get_dummy_value()

    return types.void(array, types.int64), code


def _place(context: Any, builder: Any, kind: Any, args: Any) -> tuple[Any, int]:
    """Where a block is, and the size of one number of it."""
    array = context.make_array(kind)(context, builder, args[0])
    if getattr(config, "BOUNDSCHECK", None):
        last = builder.add(args[1], ir.Constant(args[1].type, LANES))
        outside = builder.or_(
            builder.icmp_signed("<", args[1], ir.Constant(args[1].type, 0)),
            builder.icmp_signed(">", last, array.nitems),
        )
        with builder.if_then(outside, likely=False):
            said = (f"a block of {LANES} numbers lies outside of its array",)
            context.call_conv.return_user_exc(builder, IndexError, said)
    vector = ir.VectorType(context.get_data_type(kind.dtype), LANES)
    place = builder.bitcast(builder.gep(array.data, [args[1]]), vector.as_pointer())
    return place, context.get_abi_sizeof(context.get_data_type(kind.dtype))


def _spread(builder: Any, value: Any) -> Any:
    one = ir.Constant(ir.VectorType(value.type, LANES), ir.Undefined)
    one = builder.insert_element(one, value, ir.Constant(_INT, 0))
    return builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(_INT, LANES), [0] * LANES))
