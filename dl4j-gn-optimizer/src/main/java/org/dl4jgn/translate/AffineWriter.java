package org.dl4jgn.translate;

import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;

/** z = xW + b, with DL4J's weights and biases of dense layers and their kin. */
final class AffineWriter {

    private AffineWriter() {}

    /**
     * Writes z, [rows, nOut].
     *
     * @param x [rows, nIn]
     * @param rowsOfExample how many of the rows an example has
     */
    static SDVariable write(
            GraphWriter writer, SDVariable x, long nIn, long nOut, boolean hasBias, long rowsOfExample) {
        SDVariable w =
                writer.parameter(DefaultParamInitializer.WEIGHT_KEY, ParameterLayout.columns(nIn, nOut), nIn, nOut);
        SDVariable z = writer.graph().mmul(x, w);
        @Nullable SDVariable b = null;
        if (hasBias) {
            b = writer.parameter(DefaultParamInitializer.BIAS_KEY, nOut);
            z = writer.graph().nn().biasAdd(z, b, false);
        }
        writer.affine(x, w, b, z, rowsOfExample);
        return z;
    }
}
