package org.dl4jgn.gram;

import java.util.function.LongToDoubleFunction;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Gram;
import org.dl4jgn.linalg.HostVectors;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.network.ParameterSpace;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Rows of R = SᵀJ whose Gram matrix is not formed: RRᵀy = SᵀJJᵀSy by a {@link TangentKernel}, in the network's type. */
final class KernelRows implements PointRows {

    private final Buffers buffers = new Buffers();
    private final RootedOutputs outputs;
    private final TangentKernel kernel;
    private final INDArray rows;
    private final double normalizer;

    KernelRows(GraphSource graphs, ParameterSpace space, CompiledNetwork at) {
        normalizer = at.normalizer();
        DataType type = space.theta.dataType();
        outputs = new RootedOutputs(at, space, type, true);
        rows = buffers.allocate(type, at.batchSize() * outputs.root().rank(), 1);
        kernel = new TangentKernel(graphs, space, at);
    }

    @Override
    public void load() {
        outputs.load();
        kernel.load();
    }

    @Override
    public int size() {
        return Math.toIntExact(rows.length());
    }

    @Override
    public double normalizer() {
        return normalizer;
    }

    @Override
    public Gram gram(@Nullable LongToDoubleFunction share) {
        if (share != null) {
            throw new IllegalStateException("Products with the tangent kernel are of all parameters alike");
        }
        return new Gram() {
            @Override
            public int size() {
                return KernelRows.this.size();
            }

            @Override
            public double[] times(double[] y) {
                HostVectors.fill(y, outputs.rows());
                outputs.takeRows();
                kernel.multiply();
                outputs.toRows(rows);
                return HostVectors.toArray(rows);
            }
        };
    }

    @Override
    public double @Nullable [] preimage() {
        INDArray w = outputs.preimage();
        return w == null ? null : HostVectors.toArray(w);
    }

    @Override
    public double[] apply(INDArray v) {
        outputs.apply(v, rows);
        return HostVectors.toArray(rows);
    }

    @Override
    public void transposed(double[] y, INDArray v) {
        HostVectors.fill(y, outputs.rows());
        Vectors.copy(outputs.transposed(), v);
    }

    @Override
    public long bytes() {
        return outputs.bytes() + kernel.bytes() + buffers.bytes();
    }

    @Override
    public void close() {
        outputs.close();
        kernel.close();
        buffers.close();
    }
}
