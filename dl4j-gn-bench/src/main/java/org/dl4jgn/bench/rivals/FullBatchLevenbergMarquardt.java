package org.dl4jgn.bench.rivals;

import java.util.Optional;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.curvature.NetworkResiduals;
import org.dl4jgn.leastsquares.Ending;
import org.dl4jgn.leastsquares.LevenbergMarquardt;
import org.dl4jgn.leastsquares.LevenbergMarquardtSearch;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.DataSet;

/** This library's Levenberg-Marquardt on all examples at once; a step is a trial, accepted or not. */
public final class FullBatchLevenbergMarquardt implements FullBatch {

    private final MultiLayerNetwork net;
    private final BatchGradient counters;
    private final LevenbergMarquardt method;
    private @Nullable NetworkResiduals residuals;
    private @Nullable LevenbergMarquardtSearch search;
    private @Nullable Ending ending;

    /** Trains a network of any updater, which is not used. */
    public FullBatchLevenbergMarquardt(MultiLayerNetwork net, LevenbergMarquardt method) {
        this.net = net;
        this.method = method;
        counters = new BatchGradient(net, "Levenberg-Marquardt");
    }

    @Override
    public MultiLayerNetwork network() {
        return net;
    }

    /** A trial on examples that have to be the same each time. */
    @Override
    public void fit(DataSet examples) {
        if (residuals == null || search == null) {
            residuals = GaussNewton.leastSquares(net, examples.getFeatures(), examples.getLabels());
            search = method.search(residuals, residuals.start());
        }
        double before = search.sumOfSquares();
        if (ending == null) {
            ending = search.iterate();
            if (search.sumOfSquares() < before) {
                residuals.write(search.parameters());
            }
        }
        counters.stepDone(before);
    }

    @Override
    public long passes() {
        return search == null ? 0 : search.evaluations();
    }

    @Override
    public Optional<String> ended() {
        return Optional.ofNullable(ending).map(Ending::explanation);
    }

    @Override
    public void close() {
        if (residuals != null) {
            residuals.close();
        }
    }
}
