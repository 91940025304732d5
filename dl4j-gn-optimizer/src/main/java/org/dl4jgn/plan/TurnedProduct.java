package org.dl4jgn.plan;

import java.util.Optional;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.HostMatrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * AᵀB of long columns, many of A and few of B, such as XᵀU of a first layer's gradient, as the transpose of BᵀA, in float64.
 *
 * <p>For AᵀB OpenBLAS packs A in short pieces that lie far apart, for BᵀA along its rows. Time of this over that of the product as it is,
 * without the 0.02 ms of turning it back, one thread of an AMD EPYC: 0.55 for 1000 × 784 and 1000 × 20, 0.6 with 40 columns; 0.8 with
 * 512 rows, 0.9 with 300 × 100; 1 with 64 columns of A.
 */
final class TurnedProduct extends Instruction {

    /** Elements of a column from which this is faster. */
    private static final long LONG = 512;

    /** Columns of A from which it is, */
    private static final long MANY = 256;

    /** and of B up to which it is. */
    private static final long FEW = 64;

    private final Instruction product;
    private final Instruction back;

    private TurnedProduct(Instruction product, Instruction back) {
        this.product = product;
        this.back = back;
    }

    /** The product, where this is the faster way. */
    static Optional<Instruction> of(INDArray a, INDArray b, Arguments transposes, INDArray out, Buffers buffers) {
        boolean isFor = out.dataType() == DataType.DOUBLE
                && transposes.integers()[0] != 0
                && transposes.integers()[1] == 0
                && a.size(0) >= LONG
                && a.size(1) >= MANY
                && b.size(1) <= FEW
                && Views.isDense(out)
                && HostMatrix.isAvailable()
                && Transposition.isFor(out);
        if (!isFor) {
            return Optional.empty();
        }
        INDArray turned = buffers.allocate(out.dataType(), out.size(1), out.size(0));
        return ProductCall.of(Operand.all(b, a), transposes, turned)
                .map(product -> new TurnedProduct(product, Transposition.of(turned, out)));
    }

    @Override
    void execute() {
        product.run();
        back.run();
    }

    @Override
    void rebind(INDArray from, INDArray to) {
        product.rebind(from, to);
    }

    @Override
    String opName() {
        return product.opName();
    }

    @Override
    void release() {
        product.close();
        back.close();
    }
}
