public import Apus
