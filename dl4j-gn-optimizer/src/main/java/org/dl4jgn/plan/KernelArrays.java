package org.dl4jgn.plan;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.dl4jgn.linalg.Buffers;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays that the kernels of a backend need beside their operands; each is made once and serves all kernels of a plan. */
final class KernelArrays {

    private final Buffers buffers;
    private final Map<List<Object>, INDArray> arrays = new HashMap<>();

    KernelArrays(Buffers buffers) {
        this.buffers = buffers;
    }

    /** Room for what lives within one kernel: another that asks for as much under the same name gets the same. */
    INDArray room(String name, DataType type, long... shape) {
        long length = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        INDArray flat = arrays.computeIfAbsent(List.of(name, type, length), k -> buffers.allocate(type, length));
        return Views.reshape(flat, shape);
    }

    /** All elements are {@code value}. */
    INDArray filled(double value, DataType type, long... shape) {
        return constant(List.of("filled", value, type, boxed(shape)), () -> buffers.filled(value, type, shape));
    }

    /** 0, {@code step}, 2·{@code step}, ... */
    INDArray multiples(long step, DataType type, long... shape) {
        return constant(List.of("multiples", step, type, boxed(shape)), () -> {
            INDArray array = buffers.allocate(type, shape);
            long[] values = new long[Math.toIntExact(array.length())];
            Arrays.setAll(values, i -> i * step);
            try (INDArray host = Nd4j.createFromArray(values)) {
                return array.assign(Views.reshape(host, shape));
            }
        });
    }

    /** These numbers; not shared. */
    INDArray integers(int[] values) {
        try (INDArray host = Nd4j.createFromArray(values)) {
            return buffers.allocate(DataType.INT, values.length).assign(host);
        }
    }

    private INDArray constant(List<Object> key, Supplier<INDArray> maker) {
        INDArray known = arrays.get(key);
        if (known == null) {
            known = maker.get();
            arrays.put(key, known);
        }
        return known;
    }

    private static List<Long> boxed(long[] shape) {
        return Arrays.stream(shape).boxed().toList();
    }
}
