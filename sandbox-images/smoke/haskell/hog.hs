import qualified Data.Vector.Unboxed.Mutable as Vector
import Data.Word (Word8)

main :: IO ()
main = grow []

grow :: [Vector.IOVector Word8] -> IO ()
grow blocks = do
  block <- Vector.replicate (8 * 1024 * 1024) 1
  if length blocks < 0 then print (map Vector.length blocks) else grow (block : blocks)
