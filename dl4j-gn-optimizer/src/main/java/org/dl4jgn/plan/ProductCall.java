package org.dl4jgn.plan;

import java.util.Optional;
import org.dl4jgn.linalg.HostMatrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * ND4J's {@code matmul} of small matrices, and of all in float64, by OpenBLAS itself: out = α·op(a)·op(b) + β·out.
 *
 * <p>In float32 ND4J takes 15 to 20 µs however small the matrices are, since oneDNN decides anew how to multiply them each time;
 * OpenBLAS takes 4 to 7. Large products are faster by oneDNN. Time of this over that of ND4J's, one thread of an AMD EPYC, float32,
 * rows × inner × columns: 0.2 to 0.4 for 128 × 8 × 64, 200 × 20 × 20 and 128 × 64 × 1, 0.7 for 128 × 64 × 64, 0.8 for 1000 × 20 × 20;
 * but 1.3 for 512 × 26 × 64 and 2 for 6000 × 25 × 16. In float64, where ND4J calls OpenBLAS too: 0.3 to 0.9 for small ones, since
 * a call is shorter, 0.8 for 1000 × 784 × 20, 0.9 to 1 for large ones.
 */
final class ProductCall extends Instruction {

    /** The operation. */
    static final String NAME = "matmul";

    /** Multiplications up to which this is faster in float32. */
    private static final long MOST_MULTIPLICATIONS = 1L << 19;

    /** Elements of the three matrices up to which it is: OpenBLAS copies what it reads, which does not pay for few columns. */
    private static final long MOST_ELEMENTS = 50_000;

    private final Operand[] in;
    private final Arguments arguments;
    private final HostMatrix.Part out;
    private final long rows;
    private final long inner;
    private final long columns;
    private HostMatrix.Part a;
    private HostMatrix.Part b;

    private ProductCall(Operand[] in, Arguments arguments, INDArray out, HostMatrix.Part result) {
        this.in = in;
        this.arguments = arguments;
        this.out = result;
        rows = out.size(0);
        columns = out.size(1);
        inner = inner(in, arguments);
        a = bound(0);
        b = bound(1);
    }

    /** The product, where this is the faster way and memory can be addressed. */
    static Optional<Instruction> of(Operand[] in, Arguments arguments, INDArray out) {
        if (!HostMatrix.isAvailable() || isSet(arguments, 2) || !isFaster(in, arguments, out)) {
            return Optional.empty();
        }
        Optional<HostMatrix.Part> result = HostMatrix.of(out).filter(part -> !part.isTransposed());
        boolean isPossible = out.dataType() == in[0].view().dataType()
                && out.dataType() == in[1].view().dataType()
                && HostMatrix.of(in[0].view()).isPresent()
                && HostMatrix.of(in[1].view()).isPresent();
        return result.filter(part -> isPossible).map(part -> new ProductCall(in, arguments, out, part));
    }

    private static boolean isFaster(Operand[] in, Arguments arguments, INDArray out) {
        return in[0].view().rank() == 2 && (out.dataType() == DataType.DOUBLE || isSmall(in, arguments, out));
    }

    private static boolean isSmall(Operand[] in, Arguments arguments, INDArray out) {
        return out.length() * inner(in, arguments) <= MOST_MULTIPLICATIONS
                && in[0].view().length() + in[1].view().length() + out.length() <= MOST_ELEMENTS;
    }

    private static long inner(Operand[] in, Arguments arguments) {
        return in[0].view().size(isSet(arguments, 0) ? 0 : 1);
    }

    private static boolean isSet(Arguments arguments, int flag) {
        return arguments.integers().length > flag && arguments.integers()[flag] != 0;
    }

    private HostMatrix.Part bound(int operand) {
        HostMatrix.Part part = HostMatrix.of(in[operand].view()).orElseThrow();
        return isSet(arguments, operand) ? part.transposed() : part;
    }

    private double scalar(int i, double ifNone) {
        return arguments.reals().length > i ? arguments.reals()[i] : ifNone;
    }

    @Override
    void execute() {
        HostMatrix.multiply(scalar(0, 1), a, b, scalar(1, 0), out, rows, inner, columns);
    }

    @Override
    void rebind(INDArray from, INDArray to) {
        if (in[0].rebind(from, to)) {
            a = bound(0);
        }
        if (in[1].rebind(from, to)) {
            b = bound(1);
        }
    }

    @Override
    String opName() {
        return NAME;
    }
}
