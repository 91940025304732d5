package org.dl4jgn.network;

import org.dl4jgn.loss.OutputLosses;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Whether something stands for a loss, asked before anything is compiled. */
public final class LossSupport {

    private LossSupport() {}

    /**
     * Does nothing if there is.
     *
     * @throws org.dl4jgn.translate.UnsupportedNetworkException if there is not
     */
    public static void require(ILossFunction loss) {
        OutputLosses.isSparse(loss);
    }
}
