package org.dl4jgn.bench.problem;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.control.Acrobot;
import org.dl4jgn.bench.control.CartPole;
import org.dl4jgn.bench.control.DeepQLearning;
import org.dl4jgn.bench.control.Environment;
import org.dl4jgn.bench.control.LinearSystem;
import org.dl4jgn.bench.control.QLearningRun;
import org.dl4jgn.bench.control.Regulator;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.bench.optimizer.Contender;
import org.nd4j.linalg.api.buffer.DataType;

/** The EGN paper's problems of control, as workloads: no data, and what is learned from is met on the way. */
final class ControlProblems {

    private static final String ORIGIN = "EGN paper";

    private ControlProblems() {}

    static Problem cartPole() {
        return new ControlProblem(
                "cartpole",
                "deep Q-learning of CartPole; 64-64 tanh; an epoch is 1000 actions; return of 10 greedy episodes",
                new Problem.Defaults(
                        DataType.FLOAT, DeepQLearning.Settings.standard().batch(), 20, 20),
                new QLearning(CartPole::new));
    }

    static Problem acrobot() {
        return new ControlProblem(
                "acrobot",
                "deep Q-learning of Acrobot; 64-64 tanh; an epoch is 1000 actions; return of 10 greedy episodes",
                new Problem.Defaults(
                        DataType.FLOAT, DeepQLearning.Settings.standard().batch(), 20, 20),
                new QLearning(Acrobot::new));
    }

    static Problem regulator() {
        int batch = 32;
        return new ControlProblem(
                "lqr",
                "linear-quadratic regulator of three masses on springs by policy gradient; an epoch is one mini-batch;"
                        + " distance to the optimum of the Riccati equation",
                new Problem.Defaults(DataType.DOUBLE, batch, 300, 2),
                new Regulation(new Regulator(LinearSystem.springs(3), batch)));
    }

    private record ControlProblem(String name, String description, Defaults defaults, Workload workload)
            implements Problem {

        @Override
        public String origin() {
            return ORIGIN;
        }

        @Override
        public Workload load(DataFolders folders) {
            return workload;
        }
    }

    /** What both have in common. Tuning is by other seeds than those of the runs. */
    private interface WithoutData extends Workload {

        @Override
        default List<String> notes() {
            return List.of();
        }

        @Override
        default Identity identity() {
            return Identity.ofSimulation(getClass().getSimpleName());
        }

        @Override
        default List<Source> files() {
            return List.of();
        }

        @Override
        default Optional<Workload> forTuning() {
            return Optional.of(this);
        }
    }

    private static void requirePortable(Contender contender) {
        if (!contender.isPortable()) {
            throw new IllegalArgumentException(contender.kind() + " is not for problems of control");
        }
    }

    private record QLearning(Supplier<Environment> games) implements WithoutData {

        private static final int ACTIONS_OF_AN_EPOCH = 1_000;
        private static final int EVALUATED = 10;
        private static final long EVALUATION_SEED = 77;

        @Override
        public List<Measure> measures() {
            return List.of(Measure.EPISODE_RETURN);
        }

        /** It learns once there is something to learn from. */
        @Override
        public OptionalLong stepsPerEpoch(Setup setup) {
            return OptionalLong.empty();
        }

        @Override
        public Training start(Contender contender, Setup setup) {
            requirePortable(contender);
            DeepQLearning learning = new DeepQLearning(games.get(), DeepQLearning.Settings.standard());
            QLearningRun run = learning.start(contender.updater(), contender::trainer, setup.seed());
            DeepQLearning other = new DeepQLearning(games.get(), DeepQLearning.Settings.standard());
            return new InMemory() {

                @Override
                public void step() {
                    run.step();
                }

                @Override
                public long steps() {
                    return run.steps();
                }

                @Override
                public int stepsPerEpoch() {
                    return ACTIONS_OF_AN_EPOCH;
                }

                @Override
                public long nanos() {
                    return run.trainNanos();
                }

                @Override
                public Map<Measure, Double> measure() {
                    MultiLayerNetwork net = run.network();
                    return Map.of(Measure.EPISODE_RETURN, other.evaluate(net, EVALUATED, EVALUATION_SEED));
                }
            };
        }
    }

    private record Regulation(Regulator regulator) implements WithoutData {

        @Override
        public List<Measure> measures() {
            return List.of(Measure.DISTANCE, Measure.COST_GAP);
        }

        @Override
        public OptionalLong stepsPerEpoch(Setup setup) {
            return OptionalLong.of(1);
        }

        @Override
        public Training start(Contender contender, Setup setup) {
            requirePortable(contender);
            Regulator.Run run = regulator.start(contender.updater(), contender::trainer, setup.seed());
            return new InMemory() {

                private long steps;

                @Override
                public void step() {
                    run.step();
                    steps++;
                }

                /** Under a policy that is not stable, there is no cost to go. */
                @Override
                public boolean isLost() {
                    return !Double.isFinite(run.point().costGap());
                }

                @Override
                public long steps() {
                    return steps;
                }

                @Override
                public int stepsPerEpoch() {
                    return 1;
                }

                @Override
                public long nanos() {
                    return run.trainNanos();
                }

                @Override
                public Map<Measure, Double> measure() {
                    Regulator.Point point = run.point();
                    return Map.of(Measure.DISTANCE, point.gainDistance(), Measure.COST_GAP, point.costGap());
                }
            };
        }
    }

    /** A training whose state cannot be saved: an interrupted run starts anew. */
    private abstract static class InMemory implements Training {

        @Override
        public boolean isSavable() {
            return false;
        }

        @Override
        public void save(java.nio.file.Path file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void restore(java.nio.file.Path file) {
            throw new UnsupportedOperationException();
        }
    }
}
