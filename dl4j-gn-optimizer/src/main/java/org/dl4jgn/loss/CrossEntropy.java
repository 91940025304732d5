package org.dl4jgn.loss;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** ℓ = −Σₖ yₖ log oₖ: DL4J's MCXENT, and the two that are the same by another name or with other labels. */
final class CrossEntropy implements LossTranslator<LossMCXENT> {

    private final String name;
    private final boolean sparse;

    /** @param sparse whether labels are class indices */
    CrossEntropy(String name, boolean sparse) {
        this.name = name;
        this.sparse = sparse;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isSparse() {
        return sparse;
    }

    @Override
    public @Nullable INDArray weights(LossMCXENT loss) {
        return loss.getWeights();
    }

    @Override
    public OutputLoss create(LossMCXENT loss, LossInputs inputs) {
        return inputs.head().isSoftmax() ? new OnSoftmax(inputs, loss.getSoftmaxClipEps()) : new LogLoss(inputs);
    }

    /** Labels of which some are negative, but not all of an example's together, leave s(diag(p) − ppᵀ) positive semidefinite. */
    private static final class OnSoftmax extends SoftmaxCrossEntropy {

        OnSoftmax(LossInputs inputs, double clip) {
            super(inputs, clip);
        }

        @Override
        protected boolean isEachLabelBound() {
            return false;
        }
    }
}
