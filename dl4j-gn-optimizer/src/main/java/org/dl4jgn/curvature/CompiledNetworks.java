package org.dl4jgn.curvature;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.dl4jgn.gram.SystemCache;
import org.dl4jgn.network.Batch;
import org.dl4jgn.network.ParameterSpace;
import org.dl4jgn.translate.Model;

/** A model compiled for each size of mini-batch that came lately: full batch and short last one, with and without masks. */
final class CompiledNetworks implements AutoCloseable {

    private static final int KEPT = 4;

    private final Model model;
    private final ParameterSpace space;
    private final SystemCache systems;
    private final Map<Key, Compilation> networks = new LinkedHashMap<>(8, 0.75f, true);

    private record Key(long batch, boolean masked, List<Long> example) {}

    CompiledNetworks(Model model, ParameterSpace space, SystemCache systems) {
        this.systems = systems;
        this.model = model;
        this.space = space;
    }

    /** The network for a batch of this size, compiled at the first one; the one that was not used for longest is closed. */
    Compilation of(Batch batch) {
        Key key = new Key(
                batch.size(),
                batch.mask() != null,
                LongStream.of(batch.example()).boxed().toList());
        Compilation network = networks.get(key);
        if (network == null) {
            network = new Compilation(model, space, systems, batch.size(), batch.mask() != null, batch.example());
            networks.put(key, network);
            Iterator<Compilation> eldest = networks.values().iterator();
            while (networks.size() > KEPT) {
                eldest.next().close();
                eldest.remove();
            }
        }
        return network;
    }

    @Override
    public void close() {
        networks.values().forEach(Compilation::close);
        networks.clear();
    }
}
