package org.dl4jgn.curvature;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.dl4jgn.gram.SystemCache;
import org.dl4jgn.network.ParameterSpace;
import org.dl4jgn.translate.BatchShape;
import org.dl4jgn.translate.Model;

/** A model compiled for each size of mini-batch that came lately: full batch and short last one, with and without masks. */
final class CompiledNetworks implements AutoCloseable {

    private static final int KEPT = 4;

    /** Networks of all shapes: sequences whose length changes from batch to batch have one for each length. */
    private static final int SHAPES = 64;

    /** Bytes of plans up to which more than a few are kept. */
    private static final long BYTES = 1L << 28;

    private final Model model;
    private final ParameterSpace space;
    private final SystemCache systems;
    private final Map<Key, Compilation> networks = new LinkedHashMap<>(8, 0.75f, true);

    private record Key(BatchShape shape, List<Boolean> masked) {}

    CompiledNetworks(Model model, ParameterSpace space, SystemCache systems) {
        this.systems = systems;
        this.model = model;
        this.space = space;
    }

    /**
     * The network for batches of this shape, compiled at the first one; the one that was not used for longest is closed.
     *
     * @param masked for each head whether its loss has a mask
     */
    Compilation of(BatchShape shape, List<Boolean> masked) {
        Key key = new Key(shape, masked);
        Compilation network = networks.get(key);
        if (network == null) {
            network = new Compilation(model, space, systems, shape, masked);
            networks.put(key, network);
            dropOldest(key);
        }
        return network;
    }

    /** Whether twice as many networks as there are would all be kept. */
    boolean hasRoom() {
        return 2 * networks.size() <= SHAPES && 2 * bytes() <= BYTES;
    }

    /** Of one shape of examples the last few stay, and of others as many as there is room for. */
    private void dropOldest(Key newest) {
        Predicate<Key> alike = key -> key.shape.examples().equals(newest.shape.examples());
        while (networks.keySet().stream().filter(alike).count() > KEPT) {
            drop(networks.keySet().stream().filter(alike).findFirst().orElseThrow());
        }
        while (networks.size() > KEPT && (networks.size() > SHAPES || bytes() > BYTES)) {
            drop(networks.keySet().iterator().next());
        }
    }

    private long bytes() {
        return networks.values().stream()
                .mapToLong(c -> c.network().plan().bytes())
                .sum();
    }

    private void drop(Key key) {
        Compilation dropped = networks.remove(key);
        if (dropped != null) {
            dropped.close();
        }
    }

    @Override
    public void close() {
        networks.values().forEach(Compilation::close);
        networks.clear();
    }
}
