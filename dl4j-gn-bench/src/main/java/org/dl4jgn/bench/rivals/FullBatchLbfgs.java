package org.dl4jgn.bench.rivals;

import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * L-BFGS on all examples at once (<a href="https://doi.org/10.1007/BF01589116">Liu and Nocedal 1989</a>), {@link Lbfgs
 * Breeze's}. Function and gradient are DL4J's {@code computeGradientAndScore}, with l2; vectors of the method are double
 * whatever the network's type. A step is an iteration; it costs as many passes as its line search makes trials, mostly one.
 */
public final class FullBatchLbfgs implements FullBatch {

    private final MultiLayerNetwork net;
    private final BatchGradient gradient;
    private final int memory;
    private final double tolerance;
    private @Nullable Lbfgs search;

    /**
     * Trains a network of any updater, which is not used.
     *
     * @param memory pairs of differences, at least 1
     * @param tolerance ends it, see {@link Lbfgs}
     * @throws IllegalArgumentException if the network has random layers, batch normalization, or a setting is out of range
     */
    public FullBatchLbfgs(MultiLayerNetwork net, int memory, double tolerance) {
        if (memory < 1) {
            throw new IllegalArgumentException("memory of L-BFGS is " + memory + ", but must be at least 1");
        }
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("tolerance of L-BFGS is " + tolerance + ", but must be at least 0");
        }
        for (Layer layer : net.getLayers()) {
            if (layer.conf().getLayer().getIDropout() != null) {
                throw new IllegalArgumentException("L-BFGS does not train networks with dropout (layer "
                        + layer.getIndex() + "); remove it or use another optimizer");
            }
        }
        this.net = net;
        this.gradient = new BatchGradient(net, "L-BFGS");
        this.memory = memory;
        this.tolerance = tolerance;
    }

    @Override
    public MultiLayerNetwork network() {
        return net;
    }

    /** An iteration on examples that have to be the same each time. */
    @Override
    public void fit(DataSet examples) {
        if (search == null) {
            double[] start = net.params().castTo(DataType.DOUBLE).data().asDouble();
            INDArray g = net.params().ulike();
            search = new Lbfgs((x, into) -> evaluate(examples, x, g, into), start, memory, tolerance);
        }
        double before = search.value();
        search.iterate();
        moveTo(search.x());
        gradient.stepDone(before);
    }

    private double evaluate(DataSet examples, double[] x, INDArray g, double[] into) {
        moveTo(x);
        gradient.ofScore(examples, g);
        double[] values = g.castTo(DataType.DOUBLE).data().asDouble();
        System.arraycopy(values, 0, into, 0, into.length);
        return net.score();
    }

    private void moveTo(double[] x) {
        INDArray theta = net.params();
        theta.assign(Nd4j.createFromArray(x).reshape(theta.shape()).castTo(theta.dataType()));
    }

    @Override
    public long passes() {
        return search == null ? 0 : search.evaluations();
    }

    @Override
    public Optional<String> ended() {
        return search == null ? Optional.empty() : search.ended();
    }
}
