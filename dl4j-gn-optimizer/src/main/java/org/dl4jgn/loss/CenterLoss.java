package org.dl4jgn.loss;

import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The loss of a {@code CenterLossOutputLayer}, ℓ(o, y) + (λ/2)‖x − yC‖² (Wen et al. 2016), on z and x − yC side by side: the loss
 * function's own curvature on z, and λ on the distances, which with fixed centers is exact. As in DL4J, a mask leaves out the
 * loss function alone.
 */
final class CenterLoss extends OutputLoss {

    private final OutputLoss ofClasses;
    private final double lambda;
    private final Part z1;
    private final Part in;
    private final Part out;
    private final Part labels;
    private final Part residuals;
    private double weight;

    /** The first columns of an array, which the loss function reads or writes in an array of its own, and the others. */
    private record Part(INDArray first, INDArray others, INDArray own) {

        static Part of(INDArray whole, INDArray own) {
            long c = own.size(1);
            return new Part(
                    whole.get(NDArrayIndex.all(), NDArrayIndex.interval(0, c)),
                    whole.get(NDArrayIndex.all(), NDArrayIndex.interval(c, whole.size(1))),
                    own);
        }

        void take() {
            own.assign(first);
        }

        void give() {
            first.assign(own);
        }
    }

    CenterLoss(LossInputs inputs) {
        super(inputs.z());
        CenterLossOutputLayer layer = (CenterLossOutputLayer) inputs.head().conf();
        lambda = layer.getLambda();
        long c = layer.getNOut();
        z1 = Part.of(z, memory.array(c));
        in = Part.of(inputs.in(), memory.array(c));
        out = Part.of(inputs.out(), memory.array(c));
        ofClasses = OutputLosses.ofFunction(new LossInputs(
                inputs.head(), z1.own, inputs.activation(), inputs.noise(), inputs.omega(), in.own, out.own));
        labels = Part.of(y, ofClasses.y);
        residuals = Part.of(residual, ofClasses.residual);
    }

    @Override
    protected void prepareLabels() {
        labels.take();
        ofClasses.labelsChanged();
    }

    private double ofDistances() {
        double norm = z1.others.norm2Number().doubleValue();
        return lambda / 2 * norm * norm;
    }

    @Override
    protected double evaluate() {
        z1.take();
        return ofClasses.sum() + ofDistances();
    }

    @Override
    protected double reported(double sum) {
        return ofClasses.score() + ofDistances();
    }

    @Override
    protected double least() {
        return ofClasses.leastSum();
    }

    @Override
    public void linearize(double weight) {
        this.weight = weight;
        ofClasses.linearize(weight);
        residuals.give();
        residuals.others.assign(z1.others).muli(lambda);
    }

    @Override
    public void multiplyCurvature() {
        in.take();
        ofClasses.multiplyCurvature();
        out.give();
        out.others.assign(in.others).muli(weight * lambda);
    }

    @Override
    public boolean hasRoot() {
        return false;
    }

    @Override
    public INDArray squaredRoot() {
        throw new UnsupportedOperationException("No root of the curvature is formed for a center loss");
    }

    @Override
    public double curvatureSum() {
        return ofClasses.curvatureSum() + weight * lambda * z1.others.length();
    }

    @Override
    public void close() {
        ofClasses.close();
        super.close();
    }
}
