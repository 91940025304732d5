package org.dl4jgn.bench.rivals;

import java.util.Optional;
import java.util.function.Function;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.curvature.NetworkResiduals;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.DataSet;

/** A search for least squares on all examples at once, which have to be the same each time. */
abstract class FullBatchLeastSquares implements FullBatch {

    /** The search on the residuals of one set of examples. */
    interface Search extends AutoCloseable {

        /** Goes one step on; nothing, once it has ended. */
        void next();

        /** The best θ so far. */
        double[] parameters();

        /** ‖r‖² there. */
        double sumOfSquares();

        /** Evaluations of r so far. */
        long evaluations();

        /** Why it has ended; empty while it goes on. */
        Optional<String> ended();

        @Override
        void close();
    }

    private final MultiLayerNetwork net;
    private final Function<NetworkResiduals, Search> method;
    private final BatchGradient counters;
    private @Nullable NetworkResiduals residuals;
    private @Nullable Search search;

    /** Trains a network of any updater, which is not used. */
    FullBatchLeastSquares(MultiLayerNetwork net, Function<NetworkResiduals, Search> method) {
        this.net = net;
        this.method = method;
        counters = new BatchGradient(net, "Levenberg-Marquardt");
    }

    @Override
    public final MultiLayerNetwork network() {
        return net;
    }

    @Override
    public final void fit(DataSet examples) {
        if (residuals == null || search == null) {
            residuals = GaussNewton.leastSquares(net, examples.getFeatures(), examples.getLabels());
            search = method.apply(residuals);
        }
        double before = search.sumOfSquares();
        search.next();
        if (search.sumOfSquares() < before) {
            residuals.write(search.parameters());
        }
        counters.stepDone(before);
    }

    @Override
    public final long passes() {
        return search == null ? 0 : search.evaluations();
    }

    @Override
    public final Optional<String> ended() {
        return search == null ? Optional.empty() : search.ended();
    }

    @Override
    public final void close() {
        if (search != null) {
            search.close();
        }
        if (residuals != null) {
            residuals.close();
        }
    }
}
