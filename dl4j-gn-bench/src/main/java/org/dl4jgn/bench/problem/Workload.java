package org.dl4jgn.bench.problem;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.dl4jgn.bench.optimizer.Contender;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/** A problem with its data: contenders start here. */
public interface Workload {

    /** What the user is to know: whether the data are all of the set, how columns were encoded. */
    List<String> notes();

    /** What results have to have in common with those on it, to be compared. */
    Identity identity();

    /** The files that were read. */
    List<Source> files();

    /** What is measured; the first decides who is better. */
    List<Measure> measures();

    /** Steps of the optimizer in an epoch; empty if that shows only on the way. */
    OptionalLong stepsPerEpoch(Setup setup);

    /** The deciding measure of the best prediction that is the same for all examples; empty if there is no such thing. */
    default OptionalDouble constantPrediction() {
        return OptionalDouble.empty();
    }

    /** The other measures of that prediction: the root of its error, or the share of the most frequent class. */
    default Map<Measure, Double> constantMeasures() {
        return Map.of();
    }

    /** Starts to train a fresh network. */
    Training start(Contender contender, Setup setup);

    /** The same with a part of the training data in place of the test data, for tuning; empty if that makes no sense. */
    Optional<Workload> forTuning();

    /**
     * How a run starts.
     *
     * @param seed of the run
     * @param type of the network
     * @param batch examples in a mini-batch
     */
    record Setup(int seed, DataType type, int batch) {}

    /**
     * A file of data.
     *
     * @param name below the folder of data sets
     * @param path where it was found; not part of the results
     * @param sha256 of its contents, uncompressed
     * @param isPublic whether these are known to be those of the public file
     */
    record Source(String name, @JsonIgnore @Nullable Path path, String sha256, boolean isPublic) {}
}
