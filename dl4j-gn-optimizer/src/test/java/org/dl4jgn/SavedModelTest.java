package org.dl4jgn;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.ResumedTraining;
import org.dl4jgn.testing.Small;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.preprocessor.Normalizer;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Training goes on where a saved model stopped, to the bit. */
class SavedModelTest {

    private static final Sgn DEFAULTS = Sgn.builder().build();

    private static final Sgn EVERYTHING = Sgn.builder()
            .momentum(0.9)
            .warmStart(0.95)
            .warmup(2, 5)
            .adaptiveIterations(2, 20)
            .preconditioner(0.75)
            .damping(Damping.nielsen(1e-3))
            .build();

    private static MultiLayerNetwork network(Sgn sgn, Consumer<NeuralNetConfiguration.Builder> settings) {
        return GaussNewton.attach(Small.network(sgn, settings, Small.layers()));
    }

    private static Map<String, MultiLayerNetwork> networks() {
        Map<String, MultiLayerNetwork> networks = new LinkedHashMap<>();
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            networks.put("defaults-" + type, network(DEFAULTS, conf -> conf.dataType(type)));
            networks.put("everything-" + type, network(EVERYTHING, conf -> conf.dataType(type)));
            networks.put(
                    "dropout-" + type,
                    network(EVERYTHING, conf -> conf.dataType(type).dropOut(0.8)));
            networks.put(
                    "l2-" + type, network(DEFAULTS, conf -> conf.dataType(type).l2(0.01)));
        }
        return networks;
    }

    @Test
    void aNewJvmGoesOnBitForBit(@TempDir Path directory) throws IOException, InterruptedException {
        Map<String, MultiLayerNetwork> uninterrupted = networks();
        for (Map.Entry<String, MultiLayerNetwork> entry : uninterrupted.entrySet()) {
            MultiLayerNetwork net = entry.getValue();
            net.fit(Small.iterator(), 2);
            ModelSerializer.writeModel(net, file(directory, entry.getKey()), true);
            net.fit(Small.iterator(), 3);
        }
        String printed = ResumedTraining.inNewJvm(directory, 3);
        for (Map.Entry<String, MultiLayerNetwork> entry : uninterrupted.entrySet()) {
            MultiLayerNetwork resumed = ModelSerializer.restoreMultiLayerNetwork(file(directory, entry.getKey()), true);
            String what = entry.getKey() + "\n" + printed;
            assertEquals(15, resumed.getIterationCount(), what);
            assertEquals(5, resumed.getEpochCount(), what);
            assertArrayEquals(bits(entry.getValue()), bits(resumed), what);
            assertEquals(entry.getValue().updaterState(), resumed.updaterState(), what);
        }
    }

    private static File file(Path directory, String name) {
        return directory.resolve(name + ".zip").toFile();
    }

    @Test
    void aModelIsRestoredWithItsNormalizer(@TempDir Path directory) throws IOException {
        NormalizerStandardize normalizer = new NormalizerStandardize();
        normalizer.fit(Small.data(50));
        MultiLayerNetwork net = Small.attached(EVERYTHING);
        net.fit(Small.iterator());
        File file = file(directory, "normalized");
        ModelSerializer.writeModel(net, file, true);
        ModelSerializer.addNormalizerToModel(file, normalizer);
        Pair<MultiLayerNetwork, Normalizer> restored =
                ModelSerializer.restoreMultiLayerNetworkAndNormalizer(file, true);
        assertEquals(normalizer, restored.getSecond());
        net.fit(Small.iterator());
        GaussNewton.attach(restored.getFirst()).fit(Small.iterator());
        assertArrayEquals(bits(net), bits(restored.getFirst()));
    }

    @Test
    void withoutItsUpdaterStateAModelStartsAnewFromItsParameters(@TempDir Path directory) throws IOException {
        MultiLayerNetwork net = Small.attached(EVERYTHING);
        net.fit(Small.iterator());
        File without = file(directory, "without");
        ModelSerializer.writeModel(net, without, false);
        File with = file(directory, "with");
        ModelSerializer.writeModel(net, with, true);

        MultiLayerNetwork anew = Small.network(EVERYTHING);
        anew.setParams(net.params());
        anew.setIterationCount(net.getIterationCount());
        anew.setEpochCount(net.getEpochCount());
        GaussNewton.attach(anew).fit(Small.iterator());
        net.fit(Small.iterator());
        assertFalse(Arrays.equals(bits(net), bits(anew)), "the state made no difference");

        MultiLayerNetwork notSaved = GaussNewton.attach(ModelSerializer.restoreMultiLayerNetwork(without));
        MultiLayerNetwork notLoaded = GaussNewton.attach(ModelSerializer.restoreMultiLayerNetwork(with, false));
        notSaved.fit(Small.iterator());
        notLoaded.fit(Small.iterator());
        assertArrayEquals(bits(anew), bits(notSaved));
        assertArrayEquals(bits(anew), bits(notLoaded));
    }

    @Test
    void transferLearningKeepsTheOptimizer() {
        MultiLayerNetwork net = Small.attached(EVERYTHING);
        net.fit(Small.iterator());
        MultiLayerNetwork transferred = new TransferLearning.Builder(net)
                .nOutReplace(0, 7, WeightInit.XAVIER)
                .build();
        for (int layer = 0; layer < 2; layer++) {
            BaseLayer conf = (BaseLayer) transferred.getLayer(layer).conf().getLayer();
            assertEquals(EVERYTHING, conf.getIUpdater());
        }
        long[] before = bits(transferred);
        GaussNewton.attach(transferred).fit(Small.iterator());
        assertFalse(Arrays.equals(before, bits(transferred)), "no step was taken");
    }

    @Test
    void earlyStoppingTrainsAnAttachedNetwork() {
        MultiLayerNetwork net = Small.attached(DEFAULTS);
        EarlyStoppingConfiguration<MultiLayerNetwork> configuration = new EarlyStoppingConfiguration.Builder<
                        MultiLayerNetwork>()
                .epochTerminationConditions(new MaxEpochsTerminationCondition(4))
                .scoreCalculator(new DataSetLossCalculator(Small.iterator(Small.data(30)), true))
                .modelSaver(new InMemoryModelSaver<>())
                .build();
        EarlyStoppingResult<MultiLayerNetwork> result =
                new EarlyStoppingTrainer(configuration, net, Small.iterator()).fit();
        assertEquals(EarlyStoppingResult.TerminationReason.EpochTerminationCondition, result.getTerminationReason());
        assertEquals(12, net.getIterationCount());
        MultiLayerNetwork best = GaussNewton.attach(result.getBestModel());
        double lowest = Collections.min(result.getScoreVsEpoch().values());
        Tolerances.assertClose(lowest, best.score(Small.data(30)), Tolerances.ROUNDING, "score of the best model");
    }

    /** A rule that remembers more than the library's own. */
    record Numbered(@JsonProperty("start") double start) implements Damping {

        @Override
        public List<String> slots() {
            return List.of("damping", "accepted", "rejected", "best ratio", "worst ratio");
        }

        @Override
        public State initial() {
            return new State(start);
        }

        @Override
        public double value(State state, long step) {
            return state.value() * (1 + 0.01 * state.get(1) + 0.1 * Math.min(1, state.get(3)));
        }

        @Override
        public State accepted(State s, double ratio) {
            return new State(List.of(
                    0.99 * s.value(), s.get(1) + 1, s.get(2), Math.max(s.get(3), ratio), Math.min(s.get(4), ratio)));
        }

        @Override
        public State rejected(State s) {
            return new State(List.of(2 * s.value(), s.get(1), s.get(2) + 1, s.get(3), s.get(4)));
        }

        @Override
        public State invalid(State s) {
            return rejected(s);
        }
    }

    @Test
    void theNumbersOfARuleOfOnesOwnAreSaved(@TempDir Path directory) throws IOException {
        Sgn sgn = Sgn.builder().damping(new Numbered(0.01)).build();
        MultiLayerNetwork net = network(sgn, conf -> conf.dataType(DataType.FLOAT));
        net.fit(Small.iterator(), 2);
        File file = file(directory, "numbered");
        ModelSerializer.writeModel(net, file, true);
        MultiLayerNetwork restored = GaussNewton.attach(ModelSerializer.restoreMultiLayerNetwork(file, true));
        net.fit(Small.iterator(), 2);
        restored.fit(Small.iterator(), 2);
        assertArrayEquals(bits(net), bits(restored));
        assertEquals(net.updaterState(), restored.updaterState());
    }

    @Test
    void theStateOfOtherSettingsIsRefusedInWords() {
        MultiLayerNetwork net = Small.attached(Sgn.paper().build());
        net.fit(Small.iterator());
        MultiLayerNetwork other =
                Small.attached(Sgn.paper().damping(Damping.nielsen(0.1)).build());
        other.getUpdater().setStateViewArray(other, net.updaterState(), false);
        long[] before = bits(other);
        assertFails(
                IllegalStateException.class,
                () -> other.fit(Small.iterator()),
                "one of other settings",
                "RatioDamping",
                "NielsenDamping",
                "without its updater state");
        assertArrayEquals(before, bits(other));
    }
}
