package org.dl4jgn.plan;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An instruction that runs in Java, on the arrays' own memory, which must be addressable, one example after the other: each is copied to Java arrays, worked on
 * and copied back, all in the processor's cache. Examples are shared between as many threads as ND4J's own element-wise
 * operations use.
 */
final class ExampleKernel extends Instruction {

    /** Elements below which a second thread costs more than it brings. */
    private static final long SMALL = 1 << 15;

    /** What happens to an example: all of its inputs are in {@code in}, all of its outputs are to be in {@code out}. */
    @FunctionalInterface
    interface Body {
        void run(Object[] in, Object[] out);
    }

    private final String name;
    private final long examples;
    private final INDArray[] in;
    private final INDArray[] out;
    private final HostArray[] hostIn;
    private final HostArray[] hostOut;
    private final Body body;
    private final long work;
    private final int threads = Runtime.getRuntime().availableProcessors();
    private final Object[] @Nullable [] scratchIn = new Object[threads][];
    private final Object[] @Nullable [] scratchOut = new Object[threads][];

    ExampleKernel(String name, long examples, List<INDArray> in, List<INDArray> out, Body body) {
        this.name = name;
        this.examples = examples;
        this.in = in.toArray(INDArray[]::new);
        this.out = out.toArray(INDArray[]::new);
        this.body = body;
        hostIn = in.stream().map(HostArray::new).toArray(HostArray[]::new);
        hostOut = out.stream().map(HostArray::new).toArray(HostArray[]::new);
        work = Stream.concat(in.stream(), out.stream())
                .mapToLong(INDArray::length)
                .sum();
    }

    @Override
    void execute() {
        int parts = work < SMALL
                ? 1
                : (int) Math.min(
                        examples, Math.min(threads, Nd4j.getEnvironment().maxMasterThreads()));
        if (parts <= 1) {
            run(0, 0, examples);
        } else {
            IntStream.range(0, parts)
                    .parallel()
                    .forEach(part -> run(part, examples * part / parts, examples * (part + 1) / parts));
        }
    }

    private void run(int part, long from, long to) {
        Object[] inputs = scratch(scratchIn, part, in, hostIn);
        Object[] outputs = scratch(scratchOut, part, out, hostOut);
        for (long example = from; example < to; example++) {
            for (int i = 0; i < in.length; i++) {
                int length = (int) (in[i].length() / examples);
                hostIn[i].read(example * length, inputs[i], length);
            }
            body.run(inputs, outputs);
            for (int i = 0; i < out.length; i++) {
                int length = (int) (out[i].length() / examples);
                hostOut[i].write(outputs[i], example * length, length);
            }
        }
    }

    private Object[] scratch(Object[] @Nullable [] all, int part, INDArray[] arrays, HostArray[] hosts) {
        Object[] own = all[part];
        if (own == null) {
            own = new Object[arrays.length];
            for (int i = 0; i < arrays.length; i++) {
                own[i] = hosts[i].scratch((int) (arrays[i].length() / examples));
            }
            all[part] = own;
        }
        return own;
    }

    @Override
    void rebind(INDArray from, INDArray to) {
        for (int i = 0; i < in.length; i++) {
            if (in[i] == from) {
                in[i] = to;
                hostIn[i] = new HostArray(to);
            }
        }
    }

    @Override
    String opName() {
        return name;
    }
}
