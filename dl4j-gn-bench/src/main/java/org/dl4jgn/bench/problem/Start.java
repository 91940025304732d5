package org.dl4jgn.bench.problem;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Model;
import org.dl4jgn.bench.data.MersenneStream;
import org.nd4j.linalg.factory.Nd4j;

/** How weights start. The order of the examples always follows from the seed of the run. */
public enum Start {
    /**
     * The SGN authors' dense networks: weights from N(0, 1) as NumPy draws them from seed 10, biases 0; the same for all
     * runs.
     */
    AUTHORS_NORMAL {
        @Override
        void initialise(Model net) {
            MersenneStream random = MersenneStream.numpy(AUTHORS_SEED);
            net.paramTable().forEach((name, parameter) -> {
                if (name.endsWith("_b")) {
                    parameter.assign(0);
                    return;
                }
                double[][] values = new double[parameter.rows()][parameter.columns()];
                for (double[] row : values) {
                    Arrays.setAll(row, j -> random.normal());
                }
                parameter.assign(Nd4j.createFromArray(values).castTo(parameter.dataType()));
            });
        }

        @Override
        long networkSeed(int runSeed) {
            return AUTHORS_SEED;
        }
    },
    /** As the architecture says, the same for all runs; so the SGN authors' convolutional networks. */
    SAME {
        @Override
        long networkSeed(int runSeed) {
            return AUTHORS_SEED;
        }
    },
    /** As the architecture says, from the seed of the run. */
    SEEDED {
        @Override
        long networkSeed(int runSeed) {
            return runSeed;
        }
    };

    private static final int AUTHORS_SEED = 10;

    /** What DL4J draws the weights from. */
    abstract long networkSeed(int runSeed);

    /** Overwrites the weights where DL4J cannot draw them. */
    void initialise(Model net) {}
}
