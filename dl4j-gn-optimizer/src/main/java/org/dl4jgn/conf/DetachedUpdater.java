package org.dl4jgn.conf;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * What DL4J's own training loop gets from a Gauss-Newton configuration: it refuses to train, and says what to do.
 *
 * <p>Gauss-Newton steps are not a function of the gradient alone, so they cannot be taken here.
 */
final class DetachedUpdater implements GradientUpdater<GaussNewtonUpdater> {

    private final GaussNewtonUpdater config;

    DetachedUpdater(GaussNewtonUpdater config) {
        this.config = config;
    }

    @Override
    public GaussNewtonUpdater getConfig() {
        return config;
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        throw new IllegalStateException("The network is configured with "
                + config.getClass().getSimpleName()
                + " but was not attached, so it cannot be trained. Call GaussNewton.attach(net) before fit, also after"
                + " clone(), after restoring a saved model and after net.clear(). Wrappers that train copies of it, such as"
                + " ParallelWrapper, are not supported: fit the network itself, whose products use all cores. Nor are"
                + " SharedTrainingMaster and ParameterAveragingTrainingMaster of dl4j-spark: on Apache Spark,"
                + " SparkGaussNewton of dl4j-gn-spark takes the same steps. No parameter was changed.");
    }

    @Override
    public void setState(Map<String, INDArray> state, boolean initialize) {
        throw new UnsupportedOperationException("Gauss-Newton state is one flat array, see setStateViewArray");
    }

    @Override
    public Map<String, INDArray> getState() {
        return Map.of();
    }

    @Override
    public void setStateViewArray(INDArray view, long[] gradientShape, char gradientOrder, boolean initialize) {
        if (initialize) {
            view.assign(0.0);
        }
    }
}
