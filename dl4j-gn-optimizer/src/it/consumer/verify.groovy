// The POM that was installed stands alone: no parent, nothing left to be filled in, none of the tests' dependencies.
def library = new File(basedir, '../../it-repository/org/dl4jgn/dl4j-gn-optimizer')
def poms = []
library.eachFileRecurse { if (it.name.endsWith('.pom')) poms << it }
assert poms.size() == 1
def pom = poms[0].text
assert !pom.contains('<parent>')
assert !pom.contains('${')
assert !pom.contains('junit')
['<name>', '<description>', '<url>', '<license>', '<developer>', '<scm'].each { assert pom.contains(it) }
return true
