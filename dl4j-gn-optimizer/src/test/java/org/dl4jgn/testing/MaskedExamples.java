package org.dl4jgn.testing;

import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.curvature.Linearization;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a mask of examples means. */
public final class MaskedExamples {

    private MaskedExamples() {}

    /**
     * Loss, gradient and products of all examples with a mask are those of the kept ones alone, times their share.
     *
     * @param kept where the mask is one
     */
    public static void assertCountAsZeros(
            MultiLayerNetwork net, INDArray features, INDArray labels, INDArray mask, int... kept) {
        INDArray v = Networks.normal(9, 1.0, net.numParams());
        try (Linearization all = GaussNewton.linearize(net).at(features, labels, mask);
                Linearization some = GaussNewton.linearize(net).at(features.getRows(kept), labels.getRows(kept))) {
            double share = (double) kept.length / features.rows();
            assertClose(share * some.loss(), all.loss(), ROUNDING, "loss");
            assertClose(some.gradient().mul(share), all.gradient(), ROUNDING, "gradient");
            assertClose(some.ggnVectorProduct(v).mul(share), all.ggnVectorProduct(v), ROUNDING, "Hv");
        }
    }
}
