"""The papers that Heddle builds on, and which names build on which: the table of `heddle.citation`.

A paper's key is its first author's name and its year. Authors are separated by semicolons; a DOI is
given only where it is certain.
"""

# ruff: noqa: E501
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """One source; fields that a source lacks are empty."""

    key: str
    authors: str  # "Brette, R.; Gerstner, W.", with "others" last for the rest
    year: int  # 0: none
    title: str
    container: str  # journal, proceedings, or the publisher of a book
    volume: str = ""
    number: str = ""
    pages: str = ""
    doi: str = ""
    arxiv: str = ""
    kind: str = "article"  # BibTeX's: article, book, inproceedings, techreport, misc


def _table(*papers: Paper) -> dict[str, Paper]:
    return {paper.key: paper for paper in papers}


# fmt: off
PAPERS = _table(
    # Loops and linear networks
    Paper("Logiaco2021", "Logiaco, L.; Abbott, L. F.; Escola, S.", 2021, "Thalamic control of cortical dynamics in a model of flexible motor sequencing", "Cell Reports", "35", "9", "109090", "10.1016/j.celrep.2021.109090"),
    Paper("Kautsky1985", "Kautsky, J.; Nichols, N. K.; Van Dooren, P.", 1985, "Robust pole assignment in linear state feedback", "International Journal of Control", "41", "5", "1129--1155"),
    Paper("Antoulas2005", "Antoulas, A. C.", 2005, "Approximation of Large-Scale Dynamical Systems", "SIAM", kind="book"),
    Paper("Srebro2004", "Srebro, N.; Rennie, J. D. M.; Jaakkola, T. S.", 2004, "Maximum-margin matrix factorization", "Advances in Neural Information Processing Systems", "17", kind="inproceedings"),
    Paper("Nocedal1980", "Nocedal, J.", 1980, "Updating quasi-Newton matrices with limited storage", "Mathematics of Computation", "35", "151", "773--782"),
    Paper("Levine1970", "Levine, W. S.; Athans, M.", 1970, "On the determination of the optimal constant output feedback gains for linear multivariable systems", "IEEE Transactions on Automatic Control", "15", "1", "44--48"),
    Paper("Sompolinsky1988", "Sompolinsky, H.; Crisanti, A.; Sommers, H. J.", 1988, "Chaos in random neural networks", "Physical Review Letters", "61", "3", "259--262", "10.1103/PhysRevLett.61.259"),
    Paper("Rajan2006", "Rajan, K.; Abbott, L. F.", 2006, "Eigenvalue spectra of random matrices for neural networks", "Physical Review Letters", "97", "18", "188104", "10.1103/PhysRevLett.97.188104"),
    Paper("Hennequin2014", "Hennequin, G.; Vogels, T. P.; Gerstner, W.", 2014, "Optimal control of transient dynamics in balanced networks supports generation of complex movements", "Neuron", "82", "6", "1394--1406", "10.1016/j.neuron.2014.04.045"),
    Paper("Mastrogiuseppe2018", "Mastrogiuseppe, F.; Ostojic, S.", 2018, "Linking connectivity, dynamics, and computations in low-rank recurrent neural networks", "Neuron", "99", "3", "609--623", "10.1016/j.neuron.2018.07.003"),
    Paper("Tao2013", "Tao, T.", 2013, "Outliers in the spectrum of iid matrices with bounded rank perturbations", "Probability Theory and Related Fields", "155", "", "231--263"),
    Paper("Edelman2005", "Edelman, A.; Rao, N. R.", 2005, "Random matrix theory", "Acta Numerica", "14", "", "233--297", "10.1017/S0962492904000236"),
    Paper("Chalker1998", "Chalker, J. T.; Mehlig, B.", 1998, "Eigenvector statistics in non-Hermitian random matrix ensembles", "Physical Review Letters", "81", "16", "3367--3370", "10.1103/PhysRevLett.81.3367"),
    # Adapters
    Paper("Cho2014", "Cho, K.; van Merriënboer, B.; Gulcehre, C.; Bahdanau, D.; Bougares, F.; Schwenk, H.; Bengio, Y.", 2014, "Learning phrase representations using RNN encoder-decoder for statistical machine translation", "Proceedings of EMNLP", pages="1724--1734", doi="10.3115/v1/D14-1179", arxiv="1406.1078", kind="inproceedings"),
    Paper("Hu2022", "Hu, E. J.; Shen, Y.; Wallis, P.; Allen-Zhu, Z.; Li, Y.; Wang, S.; Wang, L.; Chen, W.", 2022, "LoRA: Low-rank adaptation of large language models", "International Conference on Learning Representations", arxiv="2106.09685", kind="inproceedings"),
    Paper("Kalajdzievski2023", "Kalajdzievski, D.", 2023, "A rank stabilization scaling factor for fine-tuning with LoRA", "arXiv", arxiv="2312.03732", kind="misc"),
    Paper("Shuttleworth2024", "Shuttleworth, R.; Andreas, J.; Torralba, A.; Sharma, P.", 2024, "LoRA vs full fine-tuning: An illusion of equivalence", "arXiv", arxiv="2410.21228", kind="misc"),
    Paper("Roy2007", "Roy, O.; Vetterli, M.", 2007, "The effective rank: A measure of effective dimensionality", "15th European Signal Processing Conference", "", "", "606--610", kind="inproceedings"),
    Paper("Rudelson2007", "Rudelson, M.; Vershynin, R.", 2007, "Sampling from large matrices: An approach through geometric functional analysis", "Journal of the ACM", "54", "4"),
    # Training
    Paper("Werbos1990", "Werbos, P. J.", 1990, "Backpropagation through time: what it does and how to do it", "Proceedings of the IEEE", "78", "10", "1550--1560", "10.1109/5.58337"),
    Paper("Williams1990", "Williams, R. J.; Peng, J.", 1990, "An efficient gradient-based algorithm for on-line training of recurrent network trajectories", "Neural Computation", "2", "4", "490--501", "10.1162/neco.1990.2.4.490"),
    # Matrices
    Paper("Arbenz1988", "Arbenz, P.; Golub, G. H.", 1988, "On the spectral decomposition of Hermitian matrices modified by low rank perturbations with applications", "SIAM Journal on Matrix Analysis and Applications", "9", "1", "40--58"),
    Paper("Halko2011", "Halko, N.; Martinsson, P. G.; Tropp, J. A.", 2011, "Finding structure with randomness: Probabilistic algorithms for constructing approximate matrix decompositions", "SIAM Review", "53", "2", "217--288", "10.1137/090771806"),
    Paper("Henrici1962", "Henrici, P.", 1962, "Bounds for iterates, inverses, spectral variation and fields of values of non-normal matrices", "Numerische Mathematik", "4", "", "24--40"),
    Paper("Knyazev2002", "Knyazev, A. V.; Argentati, M. E.", 2002, "Principal angles between subspaces in an A-based scalar product: Algorithms and perturbation estimates", "SIAM Journal on Scientific Computing", "23", "6", "2008--2040"),
    Paper("Saad1992", "Saad, Y.", 1992, "Analysis of some Krylov subspace approximations to the matrix exponential operator", "SIAM Journal on Numerical Analysis", "29", "1", "209--228"),
    Paper("Stewart2002", "Stewart, G. W.", 2002, "A Krylov–Schur algorithm for large eigenproblems", "SIAM Journal on Matrix Analysis and Applications", "23", "3", "601--614"),
    Paper("Parlett1987", "Parlett, B. N.; Saad, Y.", 1987, "Complex shift and invert strategies for real matrices", "Linear Algebra and its Applications", "88/89", "", "575--595"),
    Paper("Bartels1972", "Bartels, R. H.; Stewart, G. W.", 1972, "Solution of the matrix equation AX + XB = C", "Communications of the ACM", "15", "9", "820--826"),
    Paper("Jonsson2002", "Jonsson, I.; Kågström, B.", 2002, "Recursive blocked algorithms for solving triangular systems", "ACM Transactions on Mathematical Software", "28", "4"),
    Paper("AlMohy2009a", "Al-Mohy, A. H.; Higham, N. J.", 2009, "A new scaling and squaring algorithm for the matrix exponential", "SIAM Journal on Matrix Analysis and Applications", "31", "3", "970--989", "10.1137/09074721X"),
    Paper("AlMohy2009b", "Al-Mohy, A. H.; Higham, N. J.", 2009, "Computing the Fréchet derivative of the matrix exponential, with an application to condition number estimation", "SIAM Journal on Matrix Analysis and Applications", "30", "4", "1639--1657", "10.1137/080716426"),
    Paper("VanLoan1978", "Van Loan, C. F.", 1978, "Computing integrals involving the matrix exponential", "IEEE Transactions on Automatic Control", "23", "3", "395--404", "10.1109/TAC.1978.1101743"),
    Paper("Li2005", "Li, X. S.", 2005, "An overview of SuperLU: algorithms, implementation, and user interface", "ACM Transactions on Mathematical Software", "31", "3", "302--325"),
    Paper("Henry1994", "Henry, G.", 1994, "The shifted Hessenberg system solve computation", "Cornell University", number="CTC94TR163", kind="techreport"),
    Paper("Frommer1998", "Frommer, A.; Glässner, U.", 1998, "Restarted GMRES for shifted linear systems", "SIAM Journal on Scientific Computing", "19", "1", "15--26"),
    Paper("Simoncini2007", "Simoncini, V.; Szyld, D. B.", 2007, "Recent computational developments in Krylov subspace methods for linear systems", "Numerical Linear Algebra with Applications", "14"),
    Paper("Golub1973", "Golub, G. H.", 1973, "Some modified matrix eigenvalue problems", "SIAM Review", "15", "2", "318--334", "10.1137/1015032"),
    Paper("Golub2013", "Golub, G. H.; Van Loan, C. F.", 2013, "Matrix Computations", "Johns Hopkins University Press", kind="book"),
    Paper("Bini2014", "Bini, D. A.; Robol, L.", 2014, "Solving secular and polynomial equations: a multiprecision algorithm", "Journal of Computational and Applied Mathematics", "272", "", "276--292"),
    Paper("Gripenberg1996", "Gripenberg, G.", 1996, "Computing the joint spectral radius", "Linear Algebra and its Applications", "234", "", "43--60"),
    Paper("Blondel2005", "Blondel, V. D.; Nesterov, Y.; Theys, J.", 2005, "On the accuracy of the ellipsoid norm approximation of the joint spectral radius", "Linear Algebra and its Applications", "394", "", "91--107"),
    Paper("Ahmadi2014", "Ahmadi, A. A.; Jungers, R. M.; Parrilo, P. A.; Roozbehani, M.", 2014, "Joint spectral radius and path-complete graph Lyapunov functions", "SIAM Journal on Control and Optimization", "52", "1", "687--717"),
    Paper("Jungers2009", "Jungers, R. M.", 2009, "The Joint Spectral Radius: Theory and Applications", "Springer", kind="book"),
    Paper("Salmon2011", "Salmon, J. K.; Moraes, M. A.; Dror, R. O.; Shaw, D. E.", 2011, "Parallel random numbers: as easy as 1, 2, 3", "Proceedings of SC'11", doi="10.1145/2063384.2063405", kind="inproceedings"),
    # Networks that rectify, and smooth ones
    Paper("Kantorovich1948", "Kantorovich, L. V.", 1948, "Functional analysis and applied mathematics", "Uspekhi Matematicheskikh Nauk", "3", "6", "89--185"),
    Paper("Rump2010", "Rump, S. M.", 2010, "Verification methods: rigorous results using floating-point arithmetic", "Acta Numerica", "19", "", "287--449", "10.1017/S096249291000005X"),
    Paper("Day2007", "Day, S.; Lessard, J.-P.; Mischaikow, K.", 2007, "Validated continuation for equilibria of PDEs", "SIAM Journal on Numerical Analysis", "45", "4", "1398--1424"),
    Paper("Farrell2015", "Farrell, P. E.; Birkisson, Á.; Funke, S. W.", 2015, "Deflation techniques for finding distinct solutions of nonlinear partial differential equations", "SIAM Journal on Scientific Computing", "37", "4", "A2026--A2045", "10.1137/140984798"),
    Paper("Deuflhard2004", "Deuflhard, P.", 2004, "Newton Methods for Nonlinear Problems", "Springer", kind="book"),
    Paper("Sussillo2013", "Sussillo, D.; Barak, O.", 2013, "Opening the black box: low-dimensional dynamics in high-dimensional recurrent neural networks", "Neural Computation", "25", "3", "626--649", "10.1162/NECO_a_00409"),
    Paper("Hahnloser2003", "Hahnloser, R. H. R.; Seung, H. S.; Slotine, J.-J.", 2003, "Permitted and forbidden sets in symmetric threshold-linear networks", "Neural Computation", "15", "", "621--638"),
    Paper("Eisenmann2023", "Eisenmann, L.; Monfared, Z.; Göring, N.; Durstewitz, D.", 2023, "Bifurcations and loss jumps in RNN training", "Advances in Neural Information Processing Systems", "36", arxiv="2310.17561", kind="inproceedings"),
    Paper("Benettin1980", "Benettin, G.; Galgani, L.; Giorgilli, A.; Strelcyn, J.-M.", 1980, "Lyapunov characteristic exponents for smooth dynamical systems and for Hamiltonian systems; a method for computing all of them", "Meccanica", "15"),
    Paper("Engelken2023", "Engelken, R.; Wolf, F.; Abbott, L. F.", 2023, "Lyapunov spectra of chaotic recurrent neural networks", "Physical Review Research", "5", "", "043044", "10.1103/PhysRevResearch.5.043044"),
    Paper("Morrison2016", "Morrison, K.; Degeratu, A.; Itskov, V.; Curto, C.", 2016, "Diversity of emergent dynamics in competitive threshold-linear networks", "arXiv", arxiv="1605.04463", kind="misc"),
    Paper("Curto2023", "Curto, C.; Morrison, K.", 2023, "Graph rules for recurrent neural network dynamics", "arXiv", arxiv="2301.12638", kind="misc"),
    Paper("Tsatsomeros2000", "Tsatsomeros, M. J.; Li, L.", 2000, "A recursive test for P-matrices", "BIT", "40", "", "410--414"),
    Paper("Cottle2009", "Cottle, R. W.; Pang, J.-S.; Stone, R. E.", 2009, "The Linear Complementarity Problem", "SIAM", kind="book"),
    Paper("Davydov2022", "Davydov, A.; Proskurnikov, A. V.; Bullo, F.", 2022, "Non-Euclidean contraction analysis of continuous-time neural networks", "arXiv", arxiv="2110.08298", kind="misc"),
    Paper("Noda1971", "Noda, T.", 1971, "Note on the computation of the maximal eigenvalue of a non-negative irreducible matrix", "Numerische Mathematik", "17", "", "382--386"),
    Paper("Boyd1989", "Boyd, S.; Balakrishnan, V.; Kabamba, P.", 1989, "A bisection method for computing the H∞ norm of a transfer matrix and related problems", "Mathematics of Control, Signals and Systems", "2", "3", "207--219"),
    Paper("Brenner2024", "Brenner, M.; others", 2024, "Almost-linear RNNs yield highly interpretable symbolic codes in dynamical systems reconstruction", "arXiv", arxiv="2410.14240", kind="misc"),
    Paper("diBernardo2008", "di Bernardo, M.; Budd, C. J.; Champneys, A. R.; Kowalczyk, P.", 2008, "Piecewise-smooth Dynamical Systems: Theory and Applications", "Springer", kind="book"),
    # Rate equations as formulas
    Paper("Krawczyk1969", "Krawczyk, R.", 1969, "Newton-Algorithmen zur Bestimmung von Nullstellen mit Fehlerschranken", "Computing", "4", "", "187--201", "10.1007/BF02234767"),
    Paper("Neumaier1990", "Neumaier, A.", 1990, "Interval Methods for Systems of Equations", "Cambridge University Press", kind="book"),
    Paper("Breda2005", "Breda, D.; Maset, S.; Vermiglio, R.", 2005, "Pseudospectral differencing methods for characteristic roots of delay differential equations", "SIAM Journal on Scientific Computing", "27", "", "482--495"),
    Paper("Keller1977", "Keller, H. B.", 1977, "Numerical solution of bifurcation and nonlinear eigenvalue problems", "Applications of Bifurcation Theory, Academic Press", kind="inproceedings"),
    Paper("Kuznetsov2004", "Kuznetsov, Y. A.", 2004, "Elements of Applied Bifurcation Theory", "Springer", kind="book"),
    Paper("Hale1993", "Hale, J. K.; Verduyn Lunel, S. M.", 1993, "Introduction to Functional Differential Equations", "Springer", kind="book"),
    Paper("Govaerts2000", "Govaerts, W. J. F.", 2000, "Numerical Methods for Bifurcations of Dynamical Equilibria", "SIAM", kind="book"),
    Paper("Engelborghs2001", "Engelborghs, K.; Luzyanina, T.; in 't Hout, K. J.; Roose, D.", 2001, "Collocation methods for the computation of periodic solutions of delay differential equations", "SIAM Journal on Scientific Computing", "22", "", "1593--1609"),
    Paper("Doedel1991", "Doedel, E.; Keller, H. B.; Kernevez, J. P.", 1991, "Numerical analysis and control of bifurcation problems (II): bifurcation in infinite dimensions", "International Journal of Bifurcation and Chaos", "1", "", "745--772"),
    # Spiking neurons and their populations
    Paper("Siegert1951", "Siegert, A. J. F.", 1951, "On the first passage time probability problem", "Physical Review", "81", "", "617--623", "10.1103/PhysRev.81.617"),
    Paper("Brunel2000", "Brunel, N.", 2000, "Dynamics of sparsely connected networks of excitatory and inhibitory spiking neurons", "Journal of Computational Neuroscience", "8", "", "183--208", "10.1023/A:1008925309027"),
    Paper("Brunel1999", "Brunel, N.; Hakim, V.", 1999, "Fast global oscillations in networks of integrate-and-fire neurons with low firing rates", "Neural Computation", "11", "", "1621--1671"),
    Paper("Brunel1998", "Brunel, N.; Sergi, S.", 1998, "Firing frequency of leaky integrate-and-fire neurons with synaptic current dynamics", "Journal of Theoretical Biology", "195", "", "87--95"),
    Paper("Fourcaud2002", "Fourcaud, N.; Brunel, N.", 2002, "Dynamics of the firing probability of noisy integrate-and-fire neurons", "Neural Computation", "14", "", "2057--2110"),
    Paper("Lindner2001", "Lindner, B.; Schimansky-Geier, L.", 2001, "Transmission of noise coded versus additive signals through a neuronal ensemble", "Physical Review Letters", "86", "", "2934--2937", "10.1103/PhysRevLett.86.2934"),
    Paper("Schuecker2015", "Schuecker, J.; Diesmann, M.; Helias, M.", 2015, "Modulated escape from a metastable state driven by colored noise", "Physical Review E", "92", "", "052119", "10.1103/PhysRevE.92.052119"),
    Paper("Layer2022", "Layer, M.; others", 2022, "NNMT: mean-field based analysis tools for neuronal network models", "Frontiers in Neuroinformatics", "16", "", "835657", "10.3389/fninf.2022.835657"),
    Paper("Montbrio2015", "Montbrió, E.; Pazó, D.; Roxin, A.", 2015, "Macroscopic description for networks of spiking neurons", "Physical Review X", "5", "", "021028", "10.1103/PhysRevX.5.021028"),
    Paper("Gast2020", "Gast, R.; Schmidt, H.; Knösche, T. R.", 2020, "A mean-field description of bursting dynamics in spiking neural networks with short-term adaptation", "Neural Computation", "32", "", "1615--1634"),
    Paper("Schwalger2017", "Schwalger, T.; Deger, M.; Gerstner, W.", 2017, "Towards a theory of cortical columns: from spiking neurons to interacting neural populations of finite size", "PLoS Computational Biology", "13", "", "e1005507", "10.1371/journal.pcbi.1005507"),
    Paper("Naud2012", "Naud, R.; Gerstner, W.", 2012, "Coding and decoding with adapting neurons: a population approach to the peri-stimulus time histogram", "PLoS Computational Biology", "8", "", "e1002711", "10.1371/journal.pcbi.1002711"),
    Paper("Gerstner2000", "Gerstner, W.", 2000, "Population dynamics of spiking neurons: fast transients, asynchronous states, and locking", "Neural Computation", "12", "", "43--89"),
    Paper("Gerstner2014", "Gerstner, W.; Kistler, W. M.; Naud, R.; Paninski, L.", 2014, "Neuronal Dynamics", "Cambridge University Press", kind="book"),
    Paper("Brette2005", "Brette, R.; Gerstner, W.", 2005, "Adaptive exponential integrate-and-fire model as an effective description of neuronal activity", "Journal of Neurophysiology", "94", "", "3637--3642", "10.1152/jn.00686.2005"),
    Paper("ElBoustani2009", "El Boustani, S.; Destexhe, A.", 2009, "A master equation formalism for macroscopic modeling of asynchronous irregular activity states", "Neural Computation", "21", "1", "46--100"),
    Paper("diVolo2019", "di Volo, M.; Romagnoni, A.; Capone, C.; Destexhe, A.", 2019, "Biologically realistic mean-field models of conductance-based networks of spiking neurons with adaptation", "Neural Computation", "31", "4", "653--680"),
    Paper("Zerlaut2018", "Zerlaut, Y.; Chemla, S.; Chavane, F.; Destexhe, A.", 2018, "Modeling mesoscopic cortical dynamics using a mean-field model of conductance-based networks of adaptive exponential integrate-and-fire neurons", "Journal of Computational Neuroscience", "44", "1", "45--61"),
    Paper("Augustin2017", "Augustin, M.; Ladenbauer, J.; Baumann, F.; Obermayer, K.", 2017, "Low-dimensional spike rate models derived from networks of adaptive integrate-and-fire neurons: comparison and implementation", "PLoS Computational Biology", "13", "6", "e1005545", "10.1371/journal.pcbi.1005545"),
    Paper("Mattia2002", "Mattia, M.; Del Giudice, P.", 2002, "Population dynamics of interacting spiking neurons", "Physical Review E", "66", "5", "051917", "10.1103/PhysRevE.66.051917"),
    Paper("Schaffer2013", "Schaffer, E. S.; Ostojic, S.; Abbott, L. F.", 2013, "A complex-valued firing-rate model that approximates the dynamics of spiking networks", "PLoS Computational Biology", "9", "10", "e1003301", "10.1371/journal.pcbi.1003301"),
    Paper("Richardson2007", "Richardson, M. J. E.", 2007, "Firing-rate response of linear and nonlinear integrate-and-fire neurons to modulated current-based and conductance-based synaptic drive", "Physical Review E", "76", "2", "021919", "10.1103/PhysRevE.76.021919"),
    Paper("Scharfetter1969", "Scharfetter, D. L.; Gummel, H. K.", 1969, "Large-signal analysis of a silicon Read diode oscillator", "IEEE Transactions on Electron Devices", "16", "1", "64--77"),
    Paper("Lindner2005", "Lindner, B.; Doiron, B.; Longtin, A.", 2005, "Theory of oscillatory firing induced by spatially correlated noise and delayed inhibitory feedback", "Physical Review E", "72", "6", "061919", "10.1103/PhysRevE.72.061919"),
    Paper("Bos2016", "Bos, H.; Diesmann, M.; Helias, M.", 2016, "Identifying anatomical origins of coexisting oscillations in the cortical microcircuit", "PLoS Computational Biology", "12", "10", "e1005132", "10.1371/journal.pcbi.1005132"),
    Paper("Goldobin2021", "Goldobin, D. S.; di Volo, M.; Torcini, A.", 2021, "Reduction methodology for fluctuation driven population dynamics", "Physical Review Letters", "127", "3", "038301", "10.1103/PhysRevLett.127.038301", "2101.11679"),
    Paper("Pietras2020", "Pietras, B.; Gallice, N.; Schwalger, T.", 2020, "Low-dimensional firing-rate dynamics for populations of renewal-type spiking neurons", "Physical Review E", "102", "2", "022407", "10.1103/PhysRevE.102.022407", "2003.06038"),
    Paper("vanVreeswijk1998", "van Vreeswijk, C.; Sompolinsky, H.", 1998, "Chaotic balanced state in a model of cortical circuits", "Neural Computation", "10", "6", "1321--1371"),
    Paper("Vegue2019", "Vegué, M.; Roxin, A.", 2019, "Firing rate distributions in spiking networks with heterogeneous connectivity", "bioRxiv", pages="542456", doi="10.1101/542456"),
    Paper("Amit1997", "Amit, D. J.; Brunel, N.", 1997, "Dynamics of a recurrent network of spiking neurons before and following learning", "Network: Computation in Neural Systems", "8", "4", "373--404"),
    Paper("MacDonald1978", "MacDonald, N.", 1978, "Time Lags in Biological Models", "Springer", kind="book"),
    Paper("Doedel2012", "Doedel, E. J.; Oldeman, B. E.", 2012, "AUTO-07p: continuation and bifurcation software for ordinary differential equations", "Concordia University", kind="techreport"),
    Paper("Gast2019", "Gast, R.; Rose, D.; Salomon, C.; Möller, H. E.; Weiskopf, N.; Knösche, T. R.", 2019, "PyRates: a Python framework for rate-based neural simulations", "PLoS ONE", "14", "12", "e0225900", "10.1371/journal.pone.0225900"),
    Paper("Ermentrout2002", "Ermentrout, B.", 2002, "Simulating, Analyzing, and Animating Dynamical Systems", "SIAM", kind="book"),
    Paper("Bank1985", "Bank, R. E.; others", 1985, "Transient simulation of silicon devices and circuits", "IEEE Transactions on Computer-Aided Design", "4", "4", "436--451"),
    Paper("Knight2000", "Knight, B. W.; Omurtag, A.; Sirovich, L.", 2000, "The approach of a neuron population firing rate to a new equilibrium: an exact theoretical result", "Neural Computation", "12", "5", "1045--1055"),
    Paper("Roxin2011", "Roxin, A.; Brunel, N.; Hansel, D.; Mongillo, G.; van Vreeswijk, C.", 2011, "On the distribution of firing rates in networks of cortical neurons", "Journal of Neuroscience", "31", "", "16217--16226"),
    Paper("diVolo2019", "di Volo, M.; Romagnoni, A.; Capone, C.; Destexhe, A.", 2019, "Biologically realistic mean-field models of conductance-based networks of spiking neurons with adaptation", "Neural Computation", "31", "", "653--680"),
    Paper("Potjans2014", "Potjans, T. C.; Diesmann, M.", 2014, "The cell-type specific cortical microcircuit: relating structure and activity in a full-scale spiking network model", "Cerebral Cortex", "24", "", "785--806", "10.1093/cercor/bhs358"),
    Paper("vanAlbada2015", "van Albada, S. J.; Helias, M.; Diesmann, M.", 2015, "Scalability of asynchronous networks is limited by one-to-one mapping between effective connectivity and correlations", "PLoS Computational Biology", "11", "", "e1004490", "10.1371/journal.pcbi.1004490"),
    # Estimates and tests
    Paper("Schuirmann1987", "Schuirmann, D. J.", 1987, "A comparison of the two one-sided tests procedure and the power approach for assessing the equivalence of average bioavailability", "Journal of Pharmacokinetics and Biopharmaceutics", "15", "", "657--680"),
    Paper("Bartlett1946", "Bartlett, M. S.", 1946, "On the theoretical specification and sampling properties of autocorrelated time-series", "Supplement to the Journal of the Royal Statistical Society", "8", "", "27--41"),
    Paper("Heidelberger1981", "Heidelberger, P.; Welch, P. D.", 1981, "A spectral method for confidence interval generation and run length control in simulations", "Communications of the ACM", "24", "", "233--245"),
    Paper("Sokal1997", "Sokal, A.", 1997, "Monte Carlo methods in statistical mechanics: foundations and new algorithms", "Functional Integration, Springer", kind="inproceedings"),
    Paper("Welch1967", "Welch, P. D.", 1967, "The use of fast Fourier transform for the estimation of power spectra: a method based on time averaging over short, modified periodograms", "IEEE Transactions on Audio and Electroacoustics", "15", "", "70--73", "10.1109/TAU.1967.1161901"),
    Paper("Bendat2010", "Bendat, J. S.; Piersol, A. G.", 2010, "Random Data: Analysis and Measurement Procedures", "Wiley", kind="book"),
    # Movements
    Paper("Flash1985", "Flash, T.; Hogan, N.", 1985, "The coordination of arm movements: an experimentally confirmed mathematical model", "Journal of Neuroscience", "5", "7", "1688--1703", "10.1523/JNEUROSCI.05-07-01688.1985"),
    Paper("Edelman1987", "Edelman, S.; Flash, T.", 1987, "A model of handwriting", "Biological Cybernetics", "57", "", "25--36"),
    Paper("Lacquaniti1983", "Lacquaniti, F.; Terzuolo, C.; Viviani, P.", 1983, "The law relating the kinematic and figural aspects of drawing movements", "Acta Psychologica", "54", "", "115--130"),
    Paper("Viviani1995", "Viviani, P.; Flash, T.", 1995, "Minimum-jerk, two-thirds power law, and isochrony: converging approaches to movement planning", "Journal of Experimental Psychology: Human Perception and Performance", "21", "1", "32--53"),
    Paper("Guyon1994", "Guyon, I.; Schomaker, L.; Plamondon, R.; Liberman, M.; Janet, S.", 1994, "UNIPEN project of on-line data exchange and recognizer benchmarks", "Proceedings of the 12th International Conference on Pattern Recognition", kind="inproceedings"),
)

# Keys behind each public name.
BEHIND: dict[str, str] = {
    # Training
    "value_and_gradient": "Werbos1990 Williams1990",
    # Networks from PyTorch
    "GatedUnits": "Cho2014",
    "gated_fixed_points": "Sussillo2013 Farrell2015",
    "linearised": "Sussillo2013",
    # Networks and loops
    "gaussian_weights": "Sompolinsky1988",
    "gaussian_network": "Sompolinsky1988",
    "dale_weights": "Rajan2006",
    "stability_optimised_weights": "Hennequin2014",
    "low_rank_weights": "Mastrogiuseppe2018 Tao2013",
    "Loops": "Logiaco2021",
    "place_eigenvalues": "Logiaco2021 Kautsky1985",
    "design": "Logiaco2021 Kautsky1985",
    "extend": "Logiaco2021",
    "perform": "Logiaco2021",
    "frontier": "Logiaco2021",
    "expected_placement": "Edelman2005 Chalker1998",
    "preparation_cost": "Logiaco2021 Levine1970",
    "optimise_preparation": "Logiaco2021 Srebro2004",
    "robust_loop": "Logiaco2021 Nocedal1980",
    "robust_loop_cost": "Logiaco2021",
    "robust_motif_loops": "Logiaco2021",
    "readout_deviation": "Logiaco2021 Antoulas2005",
    "eigen_system": "Golub1973 Bini2014",
    "open_loops": "Golub1973 Bini2014",
    "eigenvalues_near": "Stewart2002 Parlett1987",
    "joint_spectral_radius": "Gripenberg1996 Blondel2005 Ahmadi2014 Jungers2009",
    "certify": "Jungers2009 Blondel2005",
    "optimise_safe_time": "AlMohy2009b",
    # Adapters
    "AdapterModule": "Hu2022 Kalajdzievski2023",
    "read_adapter": "Hu2022",
    "dissect_adapter": "Roy2007 Rudelson2007 Arbenz1988 Shuttleworth2024 Halko2011 Henrici1962",
    "compare_adapters": "Knyazev2002",
    # Networks that rectify, and smooth ones
    "fixed_points": "Cottle2009",
    "is_p_matrix": "Tsatsomeros2000",
    "permission": "Hahnloser2003",
    "maximal_permitted_sets": "Hahnloser2003",
    "find_cycles": "Eisenmann2023",
    "cycles_of_map": "Eisenmann2023",
    "plrnn": "Brenner2024",
    "ctln_weights": "Morrison2016 Curto2023",
    "ctln_network": "Morrison2016 Curto2023",
    "follow_fixed_point": "diBernardo2008",
    "rectified_loops": "Logiaco2021",
    "norm_contraction": "Davydov2022 Noda1971",
    "contraction": "Davydov2022 Boyd1989",
    "frequency_test": "Boyd1989",
    "lyapunov_spectrum": "Benettin1980 Engelken2023",
    "certify_fixed_point": "Kantorovich1948 Rump2010 Day2007",
    "smooth_fixed_points": "Farrell2015 Deuflhard2004 Sussillo2013 Rump2010",
    # Rate equations as formulas
    "RateEquations.fixed_points": "Krawczyk1969 Neumaier1990 Breda2005",
    "RateEquations.follow": "Keller1977 Kuznetsov2004 Hale1993",
    "RateEquations.follow_boundary": "Govaerts2000",
    "RateEquations.follow_oscillation": "Engelborghs2001 Doedel1991",
    # Neurons, circuits, simulation
    "LeakyNeuron": "Brunel2000",
    "EscapeNeuron": "Gerstner2014 Schwalger2017",
    "ExponentialNeuron": "Brette2005",
    "QuadraticNeuron": "Montbrio2015",
    "circuits.brunel": "Brunel2000",
    "circuits.ei_gif": "Schwalger2017",
    "circuits.adex_network": "diVolo2019",
    "circuits.microcircuit": "Potjans2014 vanAlbada2015",
    "simulate": "Salmon2011",
    # Populations
    "siegert": "Siegert1951 Brunel1999 Brunel1998 Fourcaud2002 Brunel2000",
    "siegert_susceptibility": "Lindner2001 Schuecker2015",
    "stationary_rates": "Brunel2000 Fourcaud2002 Layer2022",
    "quadratic_rates": "Montbrio2015 Gast2020",
    "mesoscopic": "Schwalger2017 Naud2012 Gerstner2000",
    "rate_units": "Roxin2011",
    "rate_unit_equations": "Roxin2011",
    "age_structured_rates": "Gerstner2000 Naud2012",
    "linear_response": "Gerstner2000 Lindner2005 Bos2016",
    "population_eigenvalues": "Gerstner2000 Bos2016",
    "renewal_modes": "Pietras2020",
    "mode_rates": "Pietras2020",
    "stationary_distributions": "Roxin2011 vanVreeswijk1998 Vegue2019 Amit1997",
    "diffusion_response": "Richardson2007",
    "diffusion_modes": "Mattia2002 Knight2000",
    "fokker_planck": "Augustin2017 Scharfetter1969 Bank1985",
    "cascade_tables": "Augustin2017",
    "cascade_rates": "Augustin2017 Mattia2002 Schaffer2013",
    "quadratic_equations": "Goldobin2021 Gast2020",
    "adex_mean_field": "ElBoustani2009 diVolo2019",
    "fit_adex_transfer": "Zerlaut2018",
    "without_delays": "MacDonald1978",
    "equation_code": "Doedel2012 Ermentrout2002 Gast2019",
    "equation_files": "Doedel2012 Ermentrout2002 Gast2019",
    "artificial_unit": "Roxin2011",
    "network_equations": "Logiaco2021",
    # Estimates and tests
    "autocorrelation": "Bartlett1946",
    "mean_with_error": "Heidelberger1981 Sokal1997",
    "power_spectrum": "Welch1967",
    "coherence": "Bendat2010",
    "rate_equivalence": "Schuirmann1987",
    # Movements
    "read_motifs": "Flash1985",
    "font_motifs": "Flash1985 Edelman1987 Lacquaniti1983 Viviani1995",
    "read_unipen": "Guyon1994",
}
# fmt: on

# Values that functions return: what is behind these is behind them.
RESULTS: dict[str, str] = {
    "AdapterComparison": "compare_adapters",
    "AdapterDissection": "dissect_adapter",
    "TrainingLoss": "value_and_gradient",
    "ArtificialUnit": "artificial_unit",
    "Autocorrelation": "autocorrelation",
    "BoundaryCurve": "RateEquations.follow_boundary",
    "Certificate": "certify",
    "Coherence": "coherence",
    "CycleSearch": "find_cycles",
    "EigenSystem": "eigen_system",
    "EquilibriumBranch": "RateEquations.follow",
    "ExpectedPlacement": "expected_placement",
    "FixedPointCertificate": "certify_fixed_point",
    "FixedPoints": "fixed_points",
    "FrequencyTest": "frequency_test",
    "Frontier": "frontier",
    "JointRadius": "joint_spectral_radius",
    "LyapunovSpectrum": "lyapunov_spectrum",
    "MeanEstimate": "mean_with_error",
    "MesoscopicRecording": "mesoscopic",
    "NormContraction": "norm_contraction",
    "OptimalPreparation": "optimise_preparation",
    "OscillationBranch": "RateEquations.follow_oscillation",
    "PMatrixTest": "is_p_matrix",
    "Permission": "permission",
    "Placement": "place_eigenvalues",
    "PowerSpectrum": "power_spectrum",
    "QuadraticRates": "quadratic_rates",
    "RateFixedPoints": "RateEquations.fixed_points",
    "RateUnitRecording": "rate_units",
    "ReadoutDeviation": "readout_deviation",
    "RobustCost": "robust_loop_cost",
    "RobustLoop": "robust_loop",
    "SafeDesign": "optimise_safe_time",
    "SmoothFixedPoints": "smooth_fixed_points",
    "SpikeRecording": "simulate",
    "StationaryRates": "stationary_rates",
}

# What several names have in common, by the words of the documentation.
LEVELS: dict[str, str] = {
    "loops": "place_eigenvalues robust_loop optimise_preparation frontier expected_placement",
    "rectified networks": "fixed_points is_p_matrix permission find_cycles follow_fixed_point",
    "smooth networks": "smooth_fixed_points certify_fixed_point lyapunov_spectrum contraction",
    "spiking neurons": "LeakyNeuron EscapeNeuron ExponentialNeuron QuadraticNeuron simulate",
    "mesoscopic populations": "mesoscopic",
    "diffusion approximation": "siegert siegert_susceptibility stationary_rates",
    "stationary": "stationary_rates",
    "quadratic neurons": "QuadraticNeuron quadratic_rates",
    "quadratic": "quadratic_rates",
    "noisy-quadratic": "quadratic_equations",
    "rate units": "rate_units artificial_unit",
    "rate-units": "rate_units rate_unit_equations",
    "ages": "age_structured_rates renewal_modes",
    "linear": "linear_response population_eigenvalues",
    "densities": "fokker_planck diffusion_response diffusion_modes",
    "cascade": "cascade_tables cascade_rates",
    "cascade models": "cascade_tables cascade_rates",
    "AdEx mean field": "adex_mean_field fit_adex_transfer",
    "distributions": "stationary_distributions",
    "rate distributions": "stationary_distributions",
    "rate equations": "RateEquations.fixed_points RateEquations.follow "
    "RateEquations.follow_boundary RateEquations.follow_oscillation",
}
