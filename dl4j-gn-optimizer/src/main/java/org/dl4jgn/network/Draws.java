package org.dl4jgn.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.translate.NoiseSlot;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;

/** The random inputs of a compiled network: dropout masks and the like, held fixed until they are drawn again. */
final class Draws implements AutoCloseable {

    private final DataType type;
    private final Buffers buffers = new Buffers();
    private final Map<String, INDArray> arrays = new LinkedHashMap<>();
    private final List<Draw> draws = new ArrayList<>();

    private record Draw(NoiseSlot slot, List<INDArray> arrays) {}

    Draws(DataType type) {
        this.type = type;
    }

    /** Takes on more of them; returns their arrays by name. */
    Map<String, INDArray> add(List<NoiseSlot> slots) {
        Map<String, INDArray> added = new LinkedHashMap<>();
        for (NoiseSlot slot : slots) {
            List<INDArray> drawn = new ArrayList<>();
            for (String name : slot.variables()) {
                INDArray array = buffers.allocate(type, slot.shape());
                added.put(name, array);
                drawn.add(array);
            }
            draws.add(new Draw(slot, drawn));
        }
        arrays.putAll(added);
        return added;
    }

    boolean isDrawn(String name) {
        return arrays.containsKey(name);
    }

    boolean isEmpty() {
        return draws.isEmpty();
    }

    void draw(Random random, int iteration, int epoch) {
        draws.forEach(draw -> draw.slot.sampler().draw(draw.arrays, random, iteration, epoch));
    }

    @Override
    public void close() {
        buffers.close();
    }
}
