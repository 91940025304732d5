package org.dl4jgn.bench.rivals;

import java.util.Optional;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.leastsquares.Ending;
import org.dl4jgn.leastsquares.LevenbergMarquardt;
import org.dl4jgn.leastsquares.LevenbergMarquardtSearch;
import org.jspecify.annotations.Nullable;

/** This library's Levenberg-Marquardt on all examples at once; a step is a trial, accepted or not. */
public final class FullBatchLevenbergMarquardt extends FullBatchLeastSquares {

    /** Trains a network of any updater, which is not used. */
    public FullBatchLevenbergMarquardt(MultiLayerNetwork net, LevenbergMarquardt method) {
        super(net, residuals -> new Trials(method.search(residuals, residuals.start())));
    }

    private static final class Trials implements Search {

        private final LevenbergMarquardtSearch search;
        private @Nullable Ending ending;

        Trials(LevenbergMarquardtSearch search) {
            this.search = search;
        }

        @Override
        public void next() {
            if (ending == null) {
                ending = search.iterate();
            }
        }

        @Override
        public double[] parameters() {
            return search.parameters();
        }

        @Override
        public double sumOfSquares() {
            return search.sumOfSquares();
        }

        @Override
        public long evaluations() {
            return search.evaluations();
        }

        @Override
        public Optional<String> ended() {
            return Optional.ofNullable(ending).map(Ending::explanation);
        }

        @Override
        public void close() {
            // holds nothing
        }
    }
}
