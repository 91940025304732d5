package org.dl4jgn.bench.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.bench.optimizer.Contender;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.problem.Problem;
import org.dl4jgn.bench.problem.StudyProblems;
import org.dl4jgn.bench.problem.Training;
import org.dl4jgn.bench.problem.Workload;
import org.dl4jgn.bench.rivals.Trainer;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Pace;
import org.dl4jgn.conf.Sgn;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * {@code Study problem:epochs,... seeds variant ...}, a variant being {@code adam,lr=0.01}, {@code adamcos,lr=0.01},
 * {@code r,key=value,...} or what the command-line tool calls an optimizer, after {@code @}.
 */
public final class Study {

    private Study() {}

    private record Variant(String name, Map<String, Double> options) {

        static Variant of(String text) {
            Map<String, Double> options = new LinkedHashMap<>();
            String[] parts = text.split(",");
            for (int i = 1; i < parts.length; i++) {
                String[] pair = parts[i].split("=", 2);
                options.put(pair[0], Double.parseDouble(pair[1]));
            }
            return new Variant(text, options);
        }

        private GaussNewtonUpdater gaussNewton() {
            GaussNewtonUpdater.Builder<?> builder = name.startsWith("sgn")
                    ? Sgn.builder().cgIterations(options.getOrDefault("k", 4.0).intValue())
                    : Egn.builder().momentum(0);
            builder.damping(Damping.relative(options.getOrDefault("lam", 0.01)))
                    .lineSearch(LineSearch.none())
                    .projectedMomentum(options.getOrDefault("mu", 0.9))
                    .averaging(options.getOrDefault("avg", 8.0))
                    .learningRate(options.getOrDefault("lr", 1.0))
                    .pace(new Pace(
                            options.getOrDefault("start", 1.0),
                            options.getOrDefault("clip", 0.01),
                            options.getOrDefault("eta", 0.3),
                            options.getOrDefault("smin", 0.3),
                            options.getOrDefault("smax", 5.0),
                            options.getOrDefault("one", 0.1),
                            options.getOrDefault("qt", 0.1),
                            0.9,
                            options.getOrDefault("back", 0.1)));
            return builder instanceof Sgn.Builder sgn ? sgn.orthogonalized(0).build() : ((Egn.Builder) builder).build();
        }

        Contender contender(int steps) {
            if (name.startsWith("@")) {
                return Optimizers.parse(name.substring(1));
            }
            return new Contender() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public String kind() {
                    return name;
                }

                @Override
                public Map<String, String> settings() {
                    return Map.of();
                }

                @Override
                public IUpdater updater() {
                    if (name.startsWith("sgn") || name.startsWith("egn")) {
                        return gaussNewton();
                    }
                    double lr = options.getOrDefault("lr", 0.01);
                    if (name.startsWith("adamcos")) {
                        return new Adam(new Cosine(lr, steps));
                    }
                    return name.startsWith("adam") ? new Adam(lr) : new Sgd(lr);
                }

                @Override
                public Trainer trainer(MultiLayerNetwork net) {
                    if (name.startsWith("r,")) {
                        return new Research(net, options, steps);
                    }
                    return Trainer.of(name.startsWith("adam") ? net : GaussNewton.attach(net));
                }
            };
        }
    }

    private record Cosine(double start, int steps) implements ISchedule {

        @Override
        public double valueAt(int iteration, int epoch) {
            return start * 0.5 * (1 + Math.cos(Math.PI * Math.min(1.0, (double) iteration / steps)));
        }

        @Override
        public ISchedule clone() {
            return this;
        }
    }

    public static void main(String[] args) throws Exception {
        String[] seeds = args[1].split(",");
        for (String problemText : args[0].split(",")) {
            String[] pair = problemText.split(":");
            Problem problem = StudyProblems.named(pair[0]);
            int epochs = Integer.parseInt(pair[1]);
            Workload workload = problem.load(DataFolders.standard(null, null));
            for (int i = 2; i < args.length; i++) {
                Variant variant = Variant.of(args[i]);
                List<double[]> curves = new ArrayList<>();
                StringBuilder tail = new StringBuilder();
                for (String seed : seeds) {
                    curves.add(run(problem, workload, variant, Integer.parseInt(seed), epochs, tail));
                }
                print(problem.name(), variant.name(), epochs, curves, tail);
            }
        }
        System.exit(0);
    }

    private static double[] run(
            Problem problem, Workload workload, Variant variant, int seed, int epochs, StringBuilder tail) {
        double[] losses = new double[epochs + 1];
        Workload.Setup setup =
                new Workload.Setup(seed, DataType.FLOAT, problem.defaults().batch());
        try (Training probe = workload.start(variant.contender(1), setup)) {
            int steps = probe.stepsPerEpoch() * epochs;
            @Nullable String state = null;
            try (Training training = workload.start(variant.contender(steps), setup)) {
                for (int epoch = 1; epoch <= epochs; epoch++) {
                    for (int i = 0; i < training.stepsPerEpoch(); i++) {
                        training.step();
                    }
                    losses[epoch] = training.measure().getOrDefault(Measure.TEST_LOSS, Double.NaN);
                    if (!Double.isFinite(losses[epoch])) {
                        break;
                    }
                }
                state = variant.name().startsWith("r,") ? Research.lastState() : "";
                tail.append(String.format(Locale.ROOT, " %.1fs %s", training.seconds(), state));
            }
        } catch (Exception e) {
            tail.append(' ').append(e);
            losses[epochs] = Double.NaN;
        }
        return losses;
    }

    private static void print(String problem, String variant, int epochs, List<double[]> curves, StringBuilder tail) {
        StringBuilder line =
                new StringBuilder(problem).append(" | ").append(variant).append(" |");
        for (int epoch = 1; epoch <= epochs; epoch++) {
            boolean shown = epoch <= 3 || epoch == 5 || epoch == epochs || epoch == 10 || epoch == 20;
            if (!shown) {
                continue;
            }
            line.append(" e").append(epoch).append(':');
            for (int s = 0; s < curves.size(); s++) {
                line.append(s == 0 ? "" : "/").append(String.format(Locale.ROOT, "%.4f", curves.get(s)[epoch]));
            }
        }
        System.out.println(line + " |" + tail);
    }
}
