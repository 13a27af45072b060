import Apus
import ForecastAPI

serve(ForecastRoutes.all)
