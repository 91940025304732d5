package org.dl4jgn.bench.problem;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.dl4jgn.bench.data.Examples;
import org.dl4jgn.bench.optimizer.Contender;
import org.nd4j.linalg.api.buffer.DataType;

/** Examples and a network to learn them. */
final class SupervisedWorkload implements Workload {

    private static final double VALIDATION_SHARE = 0.2;
    private static final int VALIDATION_SEED = 1;

    private final LoadedData data;
    private final Architecture architecture;
    private final Start start;
    private final Map<DataType, Examples> byType = new EnumMap<>(DataType.class);

    SupervisedWorkload(LoadedData data, Architecture architecture, Start start) {
        this.data = data;
        this.architecture = architecture;
        this.start = start;
    }

    @Override
    public List<String> notes() {
        return data.notes();
    }

    @Override
    public List<Source> files() {
        return data.files();
    }

    @Override
    public List<Measure> measures() {
        return data.task().measures();
    }

    @Override
    public OptionalLong stepsPerEpoch(Setup setup) {
        int count = data.examples().count();
        return OptionalLong.of(count / Math.min(setup.batch(), count));
    }

    @Override
    public OptionalDouble constantPrediction() {
        return OptionalDouble.of(new ConstantPrediction(data.examples(), data.task()).loss());
    }

    @Override
    public Training start(Contender contender, Setup setup) {
        Examples examples = byType.computeIfAbsent(setup.type(), data.examples()::castTo);
        return new SupervisedTraining(
                new SupervisedTraining.Subject(examples, data.task(), data.targetScale(), architecture, start),
                contender,
                setup);
    }

    @Override
    public Optional<Workload> forTuning() {
        Examples held = data.examples().withoutTest(VALIDATION_SHARE, VALIDATION_SEED);
        LoadedData part = new LoadedData(held, data.task(), data.targetScale(), data.notes(), data.files());
        return Optional.of(new SupervisedWorkload(part, architecture, start));
    }
}
