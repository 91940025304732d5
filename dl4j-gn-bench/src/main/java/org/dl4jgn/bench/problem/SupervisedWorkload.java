package org.dl4jgn.bench.problem;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
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
    private final EarlyStopping stopping;

    /** What is trained on, and in place of the test data what is held back, if anything is. */
    private final Examples trained;

    private final Map<DataType, Examples> byType = new EnumMap<>(DataType.class);
    private final Map<DataType, Examples> heldByType = new EnumMap<>(DataType.class);

    SupervisedWorkload(LoadedData data, Architecture architecture, Start start, EarlyStopping stopping) {
        this.data = data;
        this.architecture = architecture;
        this.start = start;
        this.stopping = stopping;
        trained =
                stopping.isWanted() ? data.examples().withoutTest(stopping.share(), VALIDATION_SEED) : data.examples();
    }

    @Override
    public Identity identity() {
        return Identity.of(data, architecture + ", weights " + start + (stopping.isWanted() ? ", " + stopping : ""));
    }

    @Override
    public List<String> notes() {
        return stopping.isWanted()
                ? Stream.concat(
                                data.notes().stream(),
                                Stream.of(
                                        trained.test().rows()
                                                + " of the training examples are held back for validation: a training ends after "
                                                + stopping.patience()
                                                + " epochs without a lower loss on them, and counts by what it was when that was lowest"))
                        .toList()
                : data.notes();
    }

    @Override
    public List<Source> files() {
        return data.files();
    }

    @Override
    public List<Measure> measures() {
        return stopping.isWanted()
                ? Stream.concat(data.task().measures().stream(), Stream.of(Measure.VALIDATION_LOSS))
                        .toList()
                : data.task().measures();
    }

    @Override
    public OptionalLong stepsPerEpoch(Setup setup) {
        int count = trained.count();
        return OptionalLong.of(count / Math.min(setup.batch(), count));
    }

    private ConstantPrediction constant() {
        Examples all = data.examples();
        Examples rows = new Examples(
                all.train(), architecture.rows(all.trainLabels()), all.test(), architecture.rows(all.testLabels()));
        return new ConstantPrediction(rows, data.task());
    }

    @Override
    public OptionalDouble constantPrediction() {
        return OptionalDouble.of(constant().loss());
    }

    @Override
    public Map<Measure, Double> constantMeasures() {
        return constant().measures(data.targetScale());
    }

    @Override
    public Training start(Contender contender, Setup setup) {
        Examples held = heldByType.computeIfAbsent(setup.type(), trained::castTo);
        Examples examples = byType.computeIfAbsent(setup.type(), this::tested);
        return new SupervisedTraining(
                new SupervisedTraining.Subject(
                        examples, held, stopping, data.task(), data.targetScale(), architecture, start),
                contender,
                setup);
    }

    /** What is trained on, with the test data. */
    private Examples tested(DataType type) {
        return new Examples(
                        trained.train(),
                        trained.trainLabels(),
                        data.examples().test(),
                        data.examples().testLabels())
                .castTo(type);
    }

    /** Where there is a validation part, it is the one. */
    @Override
    public Optional<Workload> forTuning() {
        Examples held = stopping.isWanted() ? trained : data.examples().withoutTest(VALIDATION_SHARE, VALIDATION_SEED);
        LoadedData part = new LoadedData(held, data.task(), data.targetScale(), data.notes(), data.files());
        return Optional.of(new SupervisedWorkload(part, architecture, start, EarlyStopping.NONE));
    }
}
