package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.dl4jgn.ops.IndexMap;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Sums, differences, products, means and maxima of arrays, element by element. A dimension of size 1 is repeated where the
 * others are larger, as in squeeze and excitation. Where several are the largest, the first takes the derivative, as in DL4J.
 */
final class ElementWiseTranslator implements VertexTranslator<ElementWiseVertex> {

    @Override
    public Activations translate(ElementWiseVertex vertex, List<Activations> inputs, GraphWriter writer) {
        Activations first = inputs.get(0);
        long[] shape = shape(inputs);
        inputs.forEach(input -> Formats.require(first.channelsFirst(), input, writer));
        if (first.isOutline()) {
            return first.with(first.variable(), shape);
        }
        List<SDVariable> x =
                inputs.stream().map(input -> expanded(input, shape).variable()).toList();
        SDVariable result = switch (vertex.getOp()) {
            case Add -> folded(x, SDVariable::add);
            case Average -> folded(x, SDVariable::add).mul(1.0 / x.size());
            case Product -> folded(x, SDVariable::mul);
            case Max -> folded(x, writer.graph().math()::max);
            case Subtract -> {
                if (x.size() != 2) {
                    throw writer.unsupported(
                            "the difference of " + x.size() + " inputs", Set.of("that of 2, as in DL4J"));
                }
                yield x.get(0).sub(x.get(1));
            }
        };
        return first.with(result, shape).of(first.sequences().ofAny(inputs));
    }

    private static SDVariable folded(List<SDVariable> x, BinaryOperator<SDVariable> op) {
        return x.stream().reduce(op).orElseThrow();
    }

    private static long[] shape(List<Activations> inputs) {
        long[] result = inputs.get(0).shape();
        for (Activations input : inputs) {
            long[] next = input.shape();
            if (next.length != result.length || input.batch() != inputs.get(0).batch()) {
                throw mismatch(inputs);
            }
            for (int i = 0; i < next.length; i++) {
                if (next[i] != result[i] && next[i] != 1 && result[i] != 1) {
                    throw mismatch(inputs);
                }
                result[i] = result[i] == 1 ? next[i] : result[i];
            }
        }
        return result;
    }

    private static GeometryException mismatch(List<Activations> inputs) {
        return new GeometryException("inputs of examples with equal shapes are needed, or with some sizes 1, got "
                + inputs.stream().map(input -> Arrays.toString(input.shape())).toList() + " (channels last)");
    }

    /** The same with dimensions of size 1 repeated. */
    private static Activations expanded(Activations input, long[] to) {
        long[] from = input.shape();
        if (Arrays.equals(from, to)) {
            return input;
        }
        return input.moved(
                () -> {
                    int[] sources = new int[Math.toIntExact(Arrays.stream(to).reduce(1, (a, b) -> a * b))];
                    for (int i = 0; i < sources.length; i++) {
                        long rest = i;
                        long source = 0;
                        long scale = 1;
                        for (int j = to.length - 1; j >= 0; j--) {
                            source += from[j] == 1 ? 0 : rest % to[j] * scale;
                            scale *= from[j];
                            rest /= to[j];
                        }
                        sources[i] = (int) source;
                    }
                    return IndexMap.of(sources, input.length());
                },
                to);
    }
}
