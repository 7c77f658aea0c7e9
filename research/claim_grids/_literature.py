"""The papers that the page names, by the keys that stand in brackets in its texts."""

REFERENCES = {
    "Andriushchenko 2023": (
        "Andriushchenko, Croce, Müller, Hein, Flammarion 2023, A modern look at the relationship between sharpness and"
        " generalization, ICML",
        "2302.07011",
    ),
    "Cohen 2021": (
        "Cohen, Kaur, Li, Kolter, Talwalkar 2021, Gradient descent on neural networks typically occurs at the edge of"
        " stability, ICLR",
        "2103.00065",
    ),
    "Dauphin 2014": (
        "Dauphin, Pascanu, Gulcehre, Cho, Ganguli, Bengio 2014, Identifying and attacking the saddle point problem in"
        " high-dimensional non-convex optimization, NIPS",
        "1406.2572",
    ),
    "Dinh 2017": ("Dinh, Pascanu, Bengio, Bengio 2017, Sharp minima can generalize for deep nets, ICML", "1703.04933"),
    "Du 2017": (
        "Du, Jin, Lee, Jordan, Poczos, Singh 2017, Gradient descent can take exponential time to escape saddle points,"
        " NIPS",
        "1705.10412",
    ),
    "Duchi 2011": (
        "Duchi, Hazan, Singer 2011, Adaptive subgradient methods for online learning and stochastic optimization, JMLR"
        " 12, 2121-2159",
        "",
    ),
    "Ge 2015": (
        "Ge, Huang, Jin, Yuan 2015, Escaping from saddle points: online stochastic gradient for tensor decomposition,"
        " COLT",
        "1503.02101",
    ),
    "Geiping 2022": (
        "Geiping, Goldblum, Pope, Moeller, Goldstein 2022, Stochastic training is not necessary for generalization,"
        " ICLR",
        "2109.14119",
    ),
    "Goyal 2017": ("Goyal et al. 2017, Accurate, large minibatch SGD: training ImageNet in 1 hour", "1706.02677"),
    "Hoffer 2017": (
        "Hoffer, Hubara, Soudry 2017, Train longer, generalize better: closing the generalization gap in large batch"
        " training of neural networks, NIPS",
        "1705.08741",
    ),
    "Keskar 2017": (
        "Keskar, Mudigere, Nocedal, Smelyanskiy, Tang 2017, On large-batch training for deep learning: generalization"
        " gap and sharp minima, ICLR",
        "1609.04836",
    ),
    "Kidambi 2018": (
        "Kidambi, Netrapalli, Jain, Kakade 2018, On the insufficiency of existing momentum schemes for stochastic"
        " optimization, ICLR",
        "1803.05591",
    ),
    "Kingma 2015": ("Kingma, Ba 2015, Adam: a method for stochastic optimization, ICLR", "1412.6980"),
    "Krizhevsky 2014": (
        "Krizhevsky 2014, One weird trick for parallelizing convolutional neural networks",
        "1404.5997",
    ),
    "Lee 2016": (
        "Lee, Simchowitz, Jordan, Recht 2016, Gradient descent only converges to minimizers, COLT",
        "1602.04915",
    ),
    "Liu 2020": (
        "Liu, Jiang, He, Chen, Liu, Gao, Han 2020, On the variance of the adaptive learning rate and beyond, ICLR",
        "1908.03265",
    ),
    "Ma 2021": ("Ma, Yarats 2021, On the adequacy of untuned warmup for adaptive optimization, AAAI", "1910.04209"),
    "Masters 2018": ("Masters, Luschi 2018, Revisiting small batch training for deep neural networks", "1804.07612"),
    "Polyak 1964": (
        "Polyak 1964, Some methods of speeding up the convergence of iteration methods, USSR Computational Mathematics"
        " and Mathematical Physics 4(5), 1-17",
        "",
    ),
    "Reddi 2018": ("Reddi, Kale, Kumar 2018, On the convergence of Adam and beyond, ICLR", "1904.09237"),
    "Shallue 2019": (
        "Shallue, Lee, Antognini, Sohl-Dickstein, Frostig, Dahl 2019, Measuring the effects of data parallelism on"
        " neural network training, JMLR 20(112)",
        "1811.03600",
    ),
    "Smith 2018": (
        "Smith, Kindermans, Ying, Le 2018, Don't decay the learning rate, increase the batch size, ICLR",
        "1711.00489",
    ),
    "Wilson 2017": (
        "Wilson, Roelofs, Stern, Srebro, Recht 2017, The marginal value of adaptive gradient methods in machine"
        " learning, NIPS",
        "1705.08292",
    ),
    "Zhang 2019": (
        "Zhang, Li, Nado, Martens, Sachdeva, Dahl, Shallue, Grosse 2019, Which algorithmic choices matter at which"
        " batch sizes? Insights from a noisy quadratic model, NeurIPS",
        "1907.04164",
    ),
}
