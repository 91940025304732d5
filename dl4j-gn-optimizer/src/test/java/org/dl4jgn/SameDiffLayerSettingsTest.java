package org.dl4jgn;

import java.util.List;
import org.dl4jgn.testing.LayerBed;
import org.dl4jgn.testing.SameDiffBeds;

/** {@link LayerSettings} of layers of SameDiff operations. */
class SameDiffLayerSettingsTest extends LayerSettings {

    @Override
    List<LayerBed> beds() {
        return SameDiffBeds.all();
    }
}
