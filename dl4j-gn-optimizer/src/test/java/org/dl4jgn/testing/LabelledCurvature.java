package org.dl4jgn.testing;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.loss.LossInputs;
import org.dl4jgn.loss.LossTranslator;
import org.dl4jgn.loss.OutputLoss;
import org.dl4jgn.loss.OutputLosses;
import org.dl4jgn.loss.PointwiseLoss;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/**
 * A user's loss that breaks the rule of convexity: ℓ = ½yo² + o, whose curvature is the label, negative ones included. Its scores by
 * DL4J are those of the squared error and mean nothing.
 */
public final class LabelledCurvature extends LossMSE {

    private static final long serialVersionUID = 1L;

    static {
        OutputLosses.register(LabelledCurvature.class, new LossTranslator<LabelledCurvature>() {
            @Override
            public String name() {
                return "LABELLED_CURVATURE";
            }

            @Override
            public OutputLoss create(LabelledCurvature loss, LossInputs inputs) {
                return inputs.pointwise(Term::new);
            }
        });
    }

    private static final class Term extends PointwiseLoss {

        private final INDArray product;
        private final INDArray ones;

        Term(Arrays at) {
            super(at);
            product = at.memory().array();
            ones = at.memory().filled(1.0);
            evaluate.multiply(at.y(), at.o(), product);
            differentiate
                    .multiply(at.y(), at.o(), at.first())
                    .add(at.first(), ones, at.first())
                    .multiply(at.y(), ones, at.second());
        }

        @Override
        public double sum() {
            evaluate.run();
            return 0.5 * Vectors.dot(product, at.o()) + Vectors.dot(ones, at.o());
        }

        @Override
        protected double least() {
            return Double.NEGATIVE_INFINITY;
        }
    }
}
