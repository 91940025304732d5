package org.dl4jgn.bench.optimizer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ISchedule;

/** DL4J's own updaters with a learning rate, constant or with a schedule that ends with the budget. */
record FirstOrderKind(
        String name, String description, double rate, Map<String, String> more, List<String> grid, Maker maker)
        implements OptimizerKind {

    private static final List<String> LARGE = List.of("0.01", "0.03", "0.1", "0.3", "1", "3");
    private static final List<String> MIDDLE = List.of("0.001", "0.003", "0.01", "0.03", "0.1", "0.3");
    private static final List<String> SMALL = List.of("0.0003", "0.001", "0.003", "0.01", "0.03", "0.1");
    private static final Map<String, String> BETAS = betas();

    /** Makes an updater with a rate, or with a schedule instead. */
    interface Maker {

        IUpdater make(Options options, double rate, @Nullable ISchedule schedule);
    }

    private static Map<String, String> betas() {
        Map<String, String> betas = new LinkedHashMap<>();
        betas.put("beta1", "0.9");
        betas.put("beta2", "0.999");
        return betas;
    }

    static OptimizerKind sgd() {
        return new FirstOrderKind(
                "sgd",
                "DL4J's stochastic gradient descent, no momentum",
                Sgd.DEFAULT_SGD_LR,
                Map.of(),
                LARGE,
                (options, rate, schedule) -> Sgd.builder()
                        .learningRate(rate)
                        .learningRateSchedule(schedule)
                        .build());
    }

    static OptimizerKind nesterovs() {
        return new FirstOrderKind(
                "nesterovs",
                "DL4J's gradient descent with Nesterov's momentum",
                Nesterovs.DEFAULT_NESTEROV_LEARNING_RATE,
                Map.of("momentum", "0.9"),
                MIDDLE,
                (options, rate, schedule) -> Nesterovs.builder()
                        .learningRate(rate)
                        .learningRateSchedule(schedule)
                        .momentum(options.number("momentum", Nesterovs.DEFAULT_NESTEROV_MOMENTUM))
                        .build());
    }

    static OptimizerKind adam() {
        return new FirstOrderKind(
                "adam",
                "DL4J's Adam",
                Adam.DEFAULT_ADAM_LEARNING_RATE,
                BETAS,
                SMALL,
                (options, rate, schedule) -> Adam.builder()
                        .learningRate(rate)
                        .learningRateSchedule(schedule)
                        .beta1(options.number("beta1", Adam.DEFAULT_ADAM_BETA1_MEAN_DECAY))
                        .beta2(options.number("beta2", Adam.DEFAULT_ADAM_BETA2_VAR_DECAY))
                        .build());
    }

    static OptimizerKind nadam() {
        return new FirstOrderKind(
                "nadam",
                "DL4J's Nadam, Adam with Nesterov's momentum",
                Nadam.DEFAULT_NADAM_LEARNING_RATE,
                BETAS,
                SMALL,
                (options, rate, schedule) -> Nadam.builder()
                        .learningRate(rate)
                        .learningRateSchedule(schedule)
                        .beta1(options.number("beta1", Nadam.DEFAULT_NADAM_BETA1_MEAN_DECAY))
                        .beta2(options.number("beta2", Nadam.DEFAULT_NADAM_BETA2_VAR_DECAY))
                        .build());
    }

    static OptimizerKind amsgrad() {
        return new FirstOrderKind(
                "amsgrad",
                "DL4J's AMSGrad",
                AMSGrad.DEFAULT_AMSGRAD_LEARNING_RATE,
                BETAS,
                SMALL,
                (options, rate, schedule) -> AMSGrad.builder()
                        .learningRate(rate)
                        .learningRateSchedule(schedule)
                        .beta1(options.number("beta1", AMSGrad.DEFAULT_AMSGRAD_BETA1_MEAN_DECAY))
                        .beta2(options.number("beta2", AMSGrad.DEFAULT_AMSGRAD_BETA2_VAR_DECAY))
                        .build());
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("lr", "learning rate, " + rate + ", DL4J's default");
        settings.put(
                "schedule",
                "constant (default), cosine to 0 at the end of the budget, step: a tenth at its half, a"
                        + " hundredth at its three quarters");
        settings.putAll(more);
        return settings;
    }

    /** The schedule first that is good for short budgets as well as for long ones. */
    @Override
    public List<String> variations() {
        return List.of("schedule=cosine", "", "schedule=step");
    }

    @Override
    public Map<String, Double> sweeps() {
        return Map.of("lr", rate);
    }

    @Override
    public Contender create(Options options) {
        double first = options.positive("lr", rate);
        String called = options.canonical(settings().keySet());
        String schedule = options.word("schedule", "constant");
        if (schedule.equals("constant")) {
            IUpdater made = maker.make(options, first, null);
            return new UpdaterContender(called, name, Map.of("updater", made.toString()), made);
        }
        if (!schedule.equals("cosine") && !schedule.equals("step")) {
            throw options.wrong("schedule", "constant, cosine or step");
        }
        return new ScheduledContender(
                called,
                name,
                BudgetSchedule.Shape.valueOf(schedule.toUpperCase(Locale.ROOT)),
                first,
                made -> maker.make(options, first, made),
                OptionalLong.empty());
    }
}
